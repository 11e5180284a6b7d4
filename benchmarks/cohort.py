"""A seeded cohort of made-up patients, as messy as real chart tables are.

Usage: python benchmarks/cohort.py ROWS [--seed N] [--messy SHARE] [--bad SHARE] > cohort.csv

Everything is drawn from the tables below, with no patient behind it. `--messy` is the share of
cells written the way charts write them (`<15 (HD)`, `1L VRd -> 2L KRd`, `G3`); 0 writes the words
of the contract, and nothing in the fields of SOMETIMES. `--bad` is the share of rows holding one
cell that nobody could read. Numbers are drawn evenly between the bounds given; missing is drawn
cell by cell. A seed has the same patients, however messy their cells.

A messy cell is written as lenrx 0.1.0 reads it or, by the shares in REFUSED, as it refuses to:
its `lenrx batch` could not read 377 of the rows of `python benchmarks/cohort.py 3000`.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Final, TypeVar

# How often a cell is empty: counts seldom, scores and echocardiograms often.
MISSING: Final = (
    {"age": 0.01, "sex": 0.01, "prior_lines": 0.04, "egfr": 0.05, "cytogenetics": 0.22}
    | {"emd": 0.35, "ecog": 0.25, "neuropathy_grade": 0.30, "lvef": 0.55, "platelets": 0.03}
    | {"anc": 0.15, "comorbidities": 0.12, "region": 0.02}
)
# The columns that only some tables have, and how often a cell of theirs is empty.
SOMETIMES: Final = (
    {"intolerant": 0.0, "history": 0.75, "creatinine": 0.4, "weight": 0.5, "frailty": 0.75}
    | {"hepatic": 0.7, "comorbidities_absent": 0.75}
    | {"prior_transplant": 0.4, "as_of": 0.9}
)
EMPTY: Final = MISSING | SOMETIMES
# The share of messy cells that 0.1.0 refuses, highest where charts are written in free text.
REFUSED: Final = (
    {"exposed": 0.04, "refractory": 0.04, "cytogenetics": 0.06, "cytogenetics_absent": 0.02}
    | {"comorbidities": 0.07, "comorbidities_absent": 0.04}
    | {"prior_lines": 0.02, "region": 0.02, "intolerant": 0.006, "dialysis": 0.006}
)
REFUSED_ELSE: Final = 0.009
SLOPPY: Final = 0.08
"""The share of messy cells with blanks or dashes in them that a word processor put there."""
AGAIN, AGAIN_AFTER = 0.005, 1000
"""The share of rows under the id of an earlier one, from that row on: abstracted twice."""
PROGRESSED: Final = 0.7
"""That a line other than the last ended in progression; the last one always did."""
LINES: Final = {1: 34, 2: 26, 3: 18, 4: 11, 5: 7, 6: 4}
MARKERS: Final = (
    {"del17p": 0.12, "t(4;14)": 0.13, "t(14;16)": 0.04}
    | {"1q gain": 0.35}
    | {"t(11;14)": 0.17, "del1p": 0.08}
)
ILLNESSES: Final = (
    {"prior_vte": 0.10, "heart_failure": 0.08, "uncontrolled_hypertension": 0.07}
    | {"arrhythmia": 0.08, "copd": 0.09, "uncontrolled_diabetes": 0.06}
    | {"hepatitis_b_resolved": 0.03, "active_infection": 0.03, "recent_mi": 0.01}
    | {"interstitial_lung_disease": 0.01, "corneal_disease": 0.02, "amyloidosis": 0.02}
)
LISTS: Final = ("cytogenetics", "cytogenetics_absent", "comorbidities", "comorbidities_absent")
LOOKED_FOR: Final = ("heart_failure", "prior_vte", "hiv", "hepatitis_c", "hepatitis_b_carrier")
CLASSES: Final = (
    dict.fromkeys(("lenalidomide", "pomalidomide", "thalidomide"), "IMiD")
    | dict.fromkeys(("bortezomib", "carfilzomib", "ixazomib"), "PI")
    | dict.fromkeys(("daratumumab", "isatuximab"), "anti-CD38")
)
STEROIDS: Final = ("dexamethasone", "prednisone")
DAYS: Final = ("2026-11-23", "2026-10-15", "2026-06-30", "2025-12-31")
"""On which tables were closed."""

# Regimens: how often each is the first line and a later one, its drugs, and the names that clinics
# and papers give it. Here and below spellings stand between bars, @ before a weight other than 1.
REGIMENS: Final = """
VRd 40 0 bortezomib lenalidomide dexamethasone: VRd@5|RVd@4|VRD@2|RVD@2|VRd-lite|Vel/Rev/dex
Rd 18 12 lenalidomide dexamethasone: Rd@5|Rev/dex@2|Len-Dex@2|Ld|RD|Revlimid/dex|len/dex
DRd 15 0 daratumumab lenalidomide dexamethasone: DRd@5|D-Rd@2|Dara-Rd@2|DaraRd|DRD
DVRd 12 0 daratumumab bortezomib lenalidomide dexamethasone: D-VRd@3|Dara-VRd@2|DVRd|Dara-RVd
VCd 8 0 bortezomib cyclophosphamide dexamethasone: VCd@3|CyBorD@4|VCD|Cybord
VMP 4 0 bortezomib melphalan prednisone: VMP@5|MPV
DVTd 3 0 daratumumab bortezomib thalidomide dexamethasone: D-VTd@2|Dara-VTd@2|DVTd
KRd 0 10 carfilzomib lenalidomide dexamethasone: KRd@6|KRD@2|Car-Len-Dex
DVd 0 14 daratumumab bortezomib dexamethasone: DVd@5|Dara-Vd@2|D-Vd@2|DVD|Dara/Velcade/dex
DKd 0 9 daratumumab carfilzomib dexamethasone: DKd@4|Dara-Kd@3|KdD|D-Kd|Dara/Kyprolis/dex
IsaKd 0 8 isatuximab carfilzomib dexamethasone: IsaKd@3|Isa-Kd@3|Isa/Kd
DPd 0 12 daratumumab pomalidomide dexamethasone: DPd@4|Dara-Pd@2|D-Pd|Dara/Pom/dex@2
IsaPd 0 6 isatuximab pomalidomide dexamethasone: IsaPd@3|Isa-Pd@2|Isa/Pom/dex
PVd 0 7 pomalidomide bortezomib dexamethasone: PVd@3|VPd|Pom/Vel/dex
Pd 0 6 pomalidomide dexamethasone: Pd@3|Pom/dex@3|Pom-Dex|pom+dex
Kd 0 6 carfilzomib dexamethasone: Kd@4|Kyp-Dex|Kd56|Kd70|carfilzomib/dex
IRd 0 4 ixazomib lenalidomide dexamethasone: IRd@3|IxaRd|Ixa/Rev/dex|Ninlaro/Rd
EPd 0 3 elotuzumab pomalidomide dexamethasone: EPd@2|EloPd|Elo-Pd|Elo/Pom/dex
SVd 0 3 selinexor bortezomib dexamethasone: SVd@2|XVd|Sel-Vd
belamaf-dex 0 2 belantamab-mafodotin dexamethasone: belamaf-dex|Blenrep|belamaf/dex
ide-cel 0 2 ide-cel: ide-cel@2|Abecma|CAR-T (ide-cel)
cilta-cel 0 4 cilta-cel: cilta-cel@3|Carvykti@2|CAR-T (cilta-cel)
Tec 0 4 teclistamab: teclistamab@2|Tec|Tecvayli@2
Tal 0 2 talquetamab: talquetamab|Tal|Talvey
BP 0 1 bendamustine prednisone: Benda-Pred|bendamustine/pred
"""
# Drugs by brand, abbreviation, dose, language and slip of the hand; markers as laboratories report
# them; illnesses as problem lists have them. Behind //, here and below, what 0.1.0 refuses: names
# as pharmacies, labels and registries have them in full, and remarks.
NAMES: Final = """
lenalidomide: len@5|Revlimid@5|lenalidomide@5|Lenalidomide@3|REVLIMID@2|Len@2|LEN|Rev|lena|R
lenalidomide: lenalidomid|lenalidomida|lenolidomide|Revlimid 25 mg|len 25 mg d1-21
lenalidomide: Revlimid 10 mg maintenance|Lenalidomide 10 mg@2 // Rev 15 mg 21/28
lenalidomide:  // lenalidomide 25 MG Oral Capsule [Revlimid]|Revlimid™
bortezomib: Velcade@5|btz@4|bort@4|bortezomib@4|VELCADE@2|BTZ|bor|Bortezomib@2|bortezomb|Velcade SC
bortezomib: btz 1.3 mg/m2 // bortez@2|Velcade s.c.|bortezomib 3.5 MG Injection [Velcade]
carfilzomib: Kyprolis@5|cfz@3|carfilzomib@4|carf|K|carfilzomib 56 mg/m2|cfz 70 mg/m2 weekly // Kyp@2
ixazomib: ixazomib@3|Ninlaro@3|ixa|Ninlaro 4 mg // ixazomib citrate
daratumumab: dara@6|Darzalex@4|daratumumab@3|Dara@2|Darzalex Faspro@2|DARA|daratumumb|dara SC@2
daratumumab: Darzalex 16 mg/kg|dara 1800 mg // daratumumab and hyaluronidase-fihj
isatuximab: Sarclisa@3|isa@3|isatuximab@3|Isa // isatuximab-irfc
pomalidomide: pom@5|Pomalyst@4|pomalidomide@3|Imnovid@2|Pom|POM|pomalidomid|pom 4 mg@2
dexamethasone: dex@8|Dexa|dexamethasone@2|DEX|Dex@2|Dexamethason|dexametasona|dex 40 mg@2|dex 20mg
prednisone: pred@2|prednisone@2 // prednisolone
melphalan: melphalan@3|mel@2|Alkeran|Melphalan // melphalan hydrochloride
cyclophosphamide: cyclophosphamide@3|Cytoxan@2|cyclo@3|Cy|Endoxan|CTX
selinexor: selinexor@3|Xpovio@3|Sel|Nexpovio
belantamab-mafodotin: Blenrep@3|belamaf@3|belantamab // belantamab mafodotin-blmf
cilta-cel: Carvykti@3|cilta-cel@4|ciltacel|ciltacabtagene autoleucel|CAR-T (cilta-cel)
ide-cel: Abecma@3|ide-cel@4|idecabtagene vicleucel|CAR-T (ide-cel)
teclistamab: Tecvayli@3|teclistamab@3|tec // teclistamab-cqyv|Teclistamab (trial)
talquetamab: Talvey@3|talquetamab@3|tal // talquetamab-tgvs
del17p: del(17p)@6|Del(17p)@2|del17p@2|17p deletion|del(17p13) // TP53 deletion|del(17p)/TP53|del17
t(4;14): t(4;14)@9|t(4,14)|T(4;14)|t(4:14) // t(4;14)(p16;q32)@2|t4;14|t(4;14) IGH::FGFR3
t(14;16): t(14;16)@9|t(14,16)|T(14;16) // t(14;16)(q32;q23)
t(11;14): t(11;14)@9|t(11,14)|T(11;14)|t(11:14) // t(11;14)(q13;q32)@3|t(11;14)/IGH-CCND1
1q gain: 1q gain@3|1q21 gain@3|gain(1q)@2|gain 1q21@2|gain(1q21)|dup(1q) // CKS1B gain
del1p: del(1p)@3|del(1p32)@2|del1p|del(1)(p32) // 1p deletion|CDKN2C deletion
prior_vte: DVT@4|PE@3|VTE@2|prior DVT@2|DVT/PE|prior PE // DVT 2019@3|h/o DVT|prev DVT
heart_failure: CHF@5|HF@3|heart failure@2|HFrEF|HFpEF // CHF (EF 40%)|heart failure NYHA II|CCF
uncontrolled_hypertension: uncontrolled HTN@3|HTN uncontrolled // HTN (uncontrolled)
arrhythmia: AF@4|afib@2|AFib|a fib|atrial fibrillation@2|atrial flutter // AF on apixaban|a-fib
copd: COPD@6|copd // COPD GOLD 2|emphysema
hepatitis_b_resolved: HBcAb+@2|anti-HBc+@2|anti-HBc pos|resolved HBV|HBc+ // resolved hep B|hep B
recent_mi: recent MI@2|MI <6 months@2|MI within 6 months // STEMI
amyloidosis: AL amyloidosis@2|amyloidosis // amyloid
hepatitis_c: HCV@3|hepatitis C // HCV neg
"""
# What charts list besides, or in place of an empty list; 0.1.0 knows none of it. For drugs that
# a patient resists, by how many of the great classes they are.
BESIDE: Final = """
exposed: interferon|radiotherapy|XRT|zoledronic acid@2|clinical trial|study drug
refractory: study drug|clinical trial
refractory=1: len ref@3|refractory to len@2|IMiD ref
refractory=2: double ref@3|double-refractory@2|yes
refractory=3: triple-class@2|triple ref@2|TCR|all of the above
cytogenetics: hyperdiploid@3|del(13q)@3|monosomy 13|MYC rearrangement|trisomies
cytogenetics=: normal@5|neg@2|standard risk@2|FISH normal|hyperdiploid@2|del(13q)@2|46,XY[20]
cytogenetics_absent: rest neg|all others
comorbidities: HTN@6|hypertension@2|T2DM@4|DM2|CKD@2|CAD@2|hypothyroidism|GERD|asthma|prostate ca
comorbidities=: HTN@5|HTN, T2DM@3|T2DM@2|none@4|nil|no CHF|GERD|CKD3|HTN; hypothyroidism|CAD, HTN
comorbidities_absent: denies CP|cardiac
"""
# How a cell of drugs is built up; marks of a drug resisted ^ and of one not; what a laboratory
# writes behind a marker; how lines of therapy are told apart: {r} is the name, {i} the line, {y}
# its year.
WAYS: Final = """
exposed: list@50|lines@40|classes@4|doubt@4 // list@6|lines@4
refractory: list@58|marks@24|classes@12|doubt@4|nothing@2 // list@5|summary@4|marks@2
marks: {r} (refractory)^{r} (not refractory)@4|{r}: Y^{r}: N@3|{r} yes^{r} no@2|{r} Y^{r} N@2
marks: {r} - refractory^{r} - no|{r} (PD)^{r} (non-refractory)|☒ {r}^☐ {r} // {r} (R)^{r} (S)
doubt: {r} ?@4|{r} (?)|{r} (unknown)|{r} unk
intolerant: {r}@8|{r}: yes // {r} (PN gr 3)@3|{r} (rash)|{r} - neuropathy
found: {r}@9|{r} {p}%@4|{r} ({p}%)@2|{r} pos@3|{r} positive|{r} detected|{r} in {p}% of cells
copies: {r} (3 copies)@3|{r} 3 copies|{r}@3|{r} {p}%
absent: {r} neg@4|{r} negative|{r} not detected@2|{r}: no|{r} absent
not done: t(14;20) not done@2|t(14;20) ND|t(14;20) pending
transplant: {r} + ASCT@3|{r}/ASCT@2|{r} -> ASCT@2|{r} + Mel200/ASCT
maintenance: {r} + len maint@2|{r} -> R maint|{r}/Revlimid maintenance
line: {i}L {r}@5|{i}L: {r}@3|{r}@9|{r} ({y})@3|{r} {y}@3|L{i} {r}|Line {i}: {r}|{o} line: {r}
line: {y} {r}|{r} x{c}@2|{r} x {c} cycles // {i}. {r}@3|{i}) {r}|{r} ({d})@3|{r} 03/{y}
next:  -> @5|; @6|, @3| then @1|→|=>@1
drugs: ; @6|, @6| + @2|/@2| & @1|,
others: ; @4|, @3
"""
# Single values as forms, exports and letters have them, in the languages of the countries; bounds
# and ranges behind the numbers that they are written for.
FIELDS: Final = """
age: {n}y@9|{n} yo@9|{n}yo@6|{n} y/o@3|{n} years@3|{n} yrs@3|{n}.0@3|~{n}@2|71..99 >70|76..99 >75
age: 90..99 >89@20|90..99 90+@9|65..70 65-70|70..75 70-75 // {n} J|{n} años|{n} (at dx)
sex=female: F@6|f@3|Female@4|FEMALE|woman|weiblich|mujer|femme // W
sex=male: M@6|m@3|Male@4|MALE|man|männlich|hombre|homme // H
prior_lines: {word}@3|{n} line{s}@3|{n} prior line{s}@2|{n} prior|{n} LOT@2|{n}L|{n}.0|~{n}
prior_lines: 1..2 1-2|2..3 2-3@2|2..3 2 to 3|3..4 3-4@2|3..9 ≥3@2|3..9 3+@2|5..9 5+@3|5..9 ≥5
prior_lines:  // {next} line@3|{o} relapse@3|multiple|{n}?|{n} + ASCT|L{n}
egfr: {n} mL/min@5|{n} ml/min@2|{n} mL/min/1.73m2@2|{n} mL/min/1.73 m²|{n}.{d}@3|{n},{d}|~{n}
egfr: eGFR {n}|0..11 <15 (HD)@20|0..11 HD@4|0..14 <15@7|15..29 <30@2|30..59 30-59@3|61..250 >60@9
egfr: 61..250 ≥60@2|61..250 > 60@2|91..250 >90@9 // {n} (CKD-EPI)@2|{n} mL/min/{{1.73_m2}}|{n} L
dialysis=true: yes@2|HD@3|Y|on HD|hemodialysis|haemodialysis|CAPD // HD MWF@2|Checked|J
dialysis=: no@4|No@2|N@2|0 // Unchecked|never
emd=true: yes@3|Y@3|pos|present|+|sí|1 // Y (plasmacytoma)@2|paraskeletal@2|Checked
emd=false: no@4|N@3|No@2|absent|neg|none|nein|0 // Unchecked|no EMD|PET neg
ecog: ECOG {n}@6|PS {n}@4|ECOG PS {n}@2|PS{n}@2|ECOG: {n}|PS={n}|{n}.0|0..1 0-1@4|0..1 ≤1
ecog: 1..2 1-2@4|2..3 2-3@2|2..4 ≥2|2..4 >=2 // KPS {kps}@2|{kps}%|WHO {n}|U
neuropathy_grade: G{n}@5|Gr {n}@3|grade {n}@3|Grade {n}@2|Gr{n}|CTCAE {n}|CTCAE grade {n}|1..2 G1-2
neuropathy_grade: 1..2 1-2|2..3 2-3|2..4 ≥2 // PN gr {n}@2|CTCAE G{n}|PN G{n}|{n} (sensory)
neuropathy_grade=0: none@9|None@2 // no PN@3|no
lvef: {n}%@6|{n} %@2|EF {n}%@3|LVEF {n}%|~{n}%|50..55 50-55%@3|55..60 55-60%@3|56..90 >55%@3
lvef: 51..90 >50%@2 // {n}% (TTE)@2|50..90 preserved@2|55..90 normal@4
platelets: {n} K/uL@4|{n} x10^9/L@3|{n} x 10^9/L|{n} G/L@2|{n} x10^3/uL@2|{n} k/µL|{n} \u00d710⁹/L
platelets: ~{n}|0..49 <50|101..999 >100|151..999 >150@2 // {k:.0f}@2|{k:,.0f}@2|{k:.0f}/uL|{n} /nl
anc: {n} K/uL@4|{n} x10^9/L@3|{comma}@2|{n} G/L@2|{n} x10³/µL|0..0.4 <0.5@9|1.1..9 >1.0|1.6..9 >1.5
anc:  // {k:.0f}/uL@2|{k:,.0f}@2|{k:.0f}@2|{n} /nl
creatinine: {n} mg/dL@4|{n} mg/dl@2|{comma}@2|~{n}|0..1.1 <1.2 // {umol:.0f} umol/L@2|{umol:.0f}
weight: {n} kg@4|{n}kg@3|{n}.{d}@3|{n},{d} kg|~{n}|70..75 70-75 // {lb:.0f} lb@2|{lb:.0f} lbs
frailty: {title}@4|{n} (IMWG)|IMWG {n}|IMWG: {n} // unfit@2|IMWG 1|CFS 5|not frail
hepatic: {title}@4|{n} // normal@5|WNL|Child-Pugh A@2|Child-Pugh B|{n} (ALT 80)
history: {title}@4|{n} // incomplete@3|full|outside records pending
intolerant=: none // no|NKDA
prior_transplant=true: yes@3|Y@2|ASCT@4|auto-SCT@2|tandem ASCT|SCT // ASCT 2019@3|ASCT x1|Checked
prior_transplant=false: no@4|N@3|none|0 // ineligible@2|Unchecked|no ASCT|TNE
region=us: USA@4|US@4|United States@2|U.S. // Boston, MA|Canada
region=eu: Germany@2|Spain@2|Italy@2|EU@2|France|DE|España|NL|Deutschland // UK@3|Switzerland@2|CH
as_of: %d.%m.%Y@2|%d-%b-%Y@2|%d %b %Y|%Y/%m/%d|%Y-%m-%d 00:00:00 // %b %Y@2|%d.%m.%y|%B %d, %Y
"""
# What is left where nothing is known, by people and by programs; and cells that nobody could read.
NOTHING: Final = """
: n/a@6|?@5|unk@4|unknown@4|-@4|not done@3|N/A@3|ND@3|NA@2|pending@2|not recorded|Unknown|n.d.
: .|NK|--|NULL|missing|not tested|??|\u2013 // nan@3|#N/A@2|None@2|<NA>|Not Applicable|tbc
"""
UNREADABLE: Final = {
    "egfr": "see letter",
    "refractory": "study drug",
    "prior_lines": "many",
    "ecog": "7",
    "cytogenetics": "complex",
}
WORDS: Final = "zero one two three four five six seven eight nine".split()
ORDINALS: Final = "0th 1st 2nd 3rd 4th 5th 6th 7th 8th 9th".split()
_KNOWN: Final = [line.partition(": ")[0] for line in REGIMENS.strip().splitlines()]
FIRST, LATER = ({each: int(each.split()[at]) for each in _KNOWN} for at in (1, 2))
Row = dict[str, str]
Choices = tuple[list[str], list[int]]
Key = TypeVar("Key")


def cohort(rows: int, seed: int = 1, messy: float = 0.3, bad: float = 0.01) -> Iterator[Row]:
    """Made-up patients, the same for the same arguments."""
    dice, pen = random.Random(seed), random.Random(f"{seed} written")
    for number in range(1, rows + 1):
        patient, lines = _patient(number, dice)
        patient |= _sometimes(patient, pen)
        row = dict(patient)
        for field in patient:
            drawn = pen if field in SOMETIMES else dice
            missing, charted = drawn.random() < EMPTY.get(field, 0), drawn.random() < messy
            if missing or (field in SOMETIMES and not messy):
                row[field] = _nothing(pen) if charted else ""
            elif charted and field != "id":
                row[field] = _charted(field, patient, lines, pen)
        if messy and number > AGAIN_AFTER and pen.random() < AGAIN:
            row["id"] = f"P{pen.randint(1, number - AGAIN_AFTER):07d}"
        if dice.random() < bad:
            field = dice.choice(list(UNREADABLE))
            row[field] = UNREADABLE[field]
        yield row


def _pick(weights: dict[Key, int], dice: random.Random) -> Key:
    return dice.choices(list(weights), list(weights.values()))[0]


def _patient(number: int, dice: random.Random) -> tuple[Row, list[str]]:
    """In the words of the contract, and the regimen of each line."""
    lines, given, failed = _history(dice)
    egfr = dice.randint(8, 110)
    found = [name for name, share in MARKERS.items() if dice.random() < share]
    ill = [name for name, share in ILLNESSES.items() if dice.random() < share]
    return {
        "id": f"P{number:07d}",
        "age": str(min(92, max(38, round(dice.gauss(69, 9))))),
        "sex": dice.choice(("female", "male", "male")),
        "prior_lines": str(max(len(lines), 2 if len(failed) > 3 else 1)),
        "exposed": "; ".join(sorted(given)),
        "refractory": "; ".join(sorted(failed)),
        "egfr": str(egfr),
        "dialysis": "true" if egfr < 12 else "",
        "cytogenetics": "; ".join(found),
        "cytogenetics_absent": "; ".join(sorted({*MARKERS} - {*found})) if found else "",
        "emd": str(dice.random() < 0.1).lower(),
        "ecog": str(_pick({0: 30, 1: 45, 2: 18, 3: 6, 4: 1}, dice)),
        "neuropathy_grade": str(_pick({0: 50, 1: 28, 2: 17, 3: 5}, dice)),
        "lvef": str(dice.randint(30, 70)),
        "platelets": str(dice.randint(20, 320)),
        "anc": f"{dice.uniform(0.4, 6):.1f}",
        "comorbidities": "; ".join(ill),
        "region": _pick({"us": 6, "eu": 4}, dice),
    }, lines


def _history(dice: random.Random) -> tuple[list[str], set[str], set[str]]:
    lines, given, failed = list[str](), set[str](), set[str]()
    count = _pick(LINES, dice)
    for line in range(1, count + 1):
        lines.append(_pick(LATER if line > 1 else FIRST, dice))
        drugs = lines[-1].split()[3:]
        given.update(drugs)
        if line == count or dice.random() < PROGRESSED:
            failed.update(drug for drug in drugs if drug not in STEROIDS)
    if dice.random() < 0.95:
        given.add("lenalidomide")
        failed.add("lenalidomide")
    return lines, given, failed


def _sometimes(row: Row, pen: random.Random) -> Row:
    """The fields of SOMETIMES, in keeping with the others."""
    borne = {*_items(row["exposed"])} - {*_items(row["refractory"]), *STEROIDS}
    free_of = [each for each in LOOKED_FOR if each not in row["comorbidities"]]
    return {
        "intolerant": pen.choice(sorted(borne)) if borne and pen.random() < 0.3 else "",
        "history": _pick({"complete": 3, "partial": 1}, pen),
        "creatinine": f"{max(0.6, 70 / int(row['egfr'])):.1f}",
        "weight": str(min(130, max(40, round(pen.gauss(75, 14))))),
        "frailty": _pick({"fit": 4, "intermediate": 3, "frail": 2}, pen),
        "hepatic": _pick({"none": 86, "mild": 10, "moderate": 3, "severe": 1}, pen),
        "comorbidities_absent": "; ".join(pen.sample(free_of, pen.randint(1, 3))),
        "prior_transplant": str(pen.random() < (0.6 if int(row["age"]) < 72 else 0.1)).lower(),
        "as_of": pen.choice(DAYS),
    }


def _items(cell: str) -> list[str]:
    return cell.split("; ") if cell else []


@lru_cache(maxsize=4096)
def _choices(table: str, name: str, value: str, refused: bool) -> Choices:
    """The spellings in a table under a name, with or without a value, and their running weights."""
    texts, weights = list[str](), list[int]()
    for line in table.strip("\n").splitlines():
        key, _, rest = line.partition(": ")
        side = rest.partition(" // ")[2 if refused else 0]
        for each in side.split("|") if side and key in (name, f"{name}={value}") else ():
            text, _, weight = each.partition("@")
            bounds, _, bounded = text.partition(" ")
            low, dots, high = bounds.partition("..")
            if not dots or float(low) <= float(value) <= float(high):
                texts.append(bounded if dots else text)
                weights.append(int(weight or 1))
    return texts, list(accumulate(weights))


def _draw(
    table: str, name: str, pen: random.Random, refused: bool = False, value: str = "any"
) -> str:
    texts, weights = _choices(table, name, value, refused)
    return pen.choices(texts, cum_weights=weights)[0] if texts else ""


def _nothing(pen: random.Random) -> str:
    return _draw(NOTHING, "", pen, pen.random() < REFUSED_ELSE)


def _charted(field: str, row: Row, lines: list[str], pen: random.Random) -> str:
    """A cell as charts have it."""
    refused = pen.random() < REFUSED.get(field, REFUSED_ELSE)
    if field in ("exposed", "refractory"):
        cell = _drugs(field, row, lines, refused, pen)
    elif field in LISTS:
        cell = _listed(field, _items(row[field]), refused, pen)
    elif field == "intolerant" and row[field]:
        form, (name,) = _draw(WAYS, field, pen, refused), _names(field, [row[field]], False, pen)
        cell = form.format(r=name)
    else:
        cell = _single(field, row[field], refused, pen)
    if pen.random() >= SLOPPY:
        return cell
    dashed, hard = cell.replace("-", pen.choice("\u2010\u2011\u2013")), cell.replace(" ", "\u00a0")
    return pen.choice(
        (dashed, hard, f"{cell} ", f"{cell}\u00a0", f" {cell}", cell.replace(" ", "  ", 1))
    )


def _single(field: str, value: str, refused: bool, pen: random.Random) -> str:
    """A number, a word or a day; as it is where the table has nothing."""
    text = _draw(FIELDS, field, pen, refused, value)
    if field == "as_of" and text:
        return date.fromisoformat(value).strftime(text)
    if "{" not in text:
        return text or value
    number = float(value) if value[:1].isdigit() else 0
    count = min(int(number), len(WORDS) - 2)
    said = {"word": WORDS[count], "o": ORDINALS[count], "next": ORDINALS[count + 1]}
    said |= {
        "n": value,
        "title": value.title(),
        "s": "s" if count > 1 else "",
        "comma": value.replace(".", ","),
    }
    said |= {"d": str(pen.randint(0, 9)), "kps": str(100 - 20 * count)}
    return text.format(**said, k=1000 * number, umol=88.4 * number, lb=2.2 * number)


def _names(field: str, items: list[str], refused: bool, pen: random.Random) -> list[str]:
    """Items by one of their names; one of them, or one more, as 0.1.0 refuses it."""
    names = [_draw(NAMES, item, pen) or item.replace("_", " ") for item in items]
    if refused:
        at = pen.randrange(len(items) + 1)
        other = _draw(NAMES, items[at], pen, refused) if at < len(items) else ""
        beside = _draw(BESIDE, field if items else f"{field}=", pen)
        names[at : at + bool(other)] = [other or beside]
    return names


def _listed(field: str, items: list[str], refused: bool, pen: random.Random) -> str:
    """Markers or illnesses in any order, markers with what the laboratory says of them."""
    items = pen.sample(items, len(items))
    cells = _names(field, items, refused, pen)
    if field == "cytogenetics" and not refused:
        marks = ["copies" if item == "1q gain" else "found" for item in items]
        absent = [item for item in MARKERS if item not in items and pen.random() < 0.2]
        cells += _names(field, absent, False, pen)
        marks += ["absent" for _ in absent]
        forms = [_draw(WAYS, mark, pen) for mark in marks]
        pairs = zip(forms, cells, strict=True)
        cells = [form.format(r=cell, p=pen.randint(8, 95)) for form, cell in pairs]
        cells += [_draw(WAYS, "not done", pen)] if pen.random() < 0.1 else []
    return _draw(WAYS, "others", pen).join(cells)


def _drugs(field: str, row: Row, lines: list[str], refused: bool, pen: random.Random) -> str:
    """What was given, or what is resisted, in one of the ways to say it."""
    way = _draw(WAYS, field, pen, refused)
    failed = _items(row["refractory"])
    if way == "lines":
        return _by_line(row, lines, refused, pen)
    if way == "nothing":
        return _nothing(pen)
    if way == "summary":
        classes = {CLASSES[drug] for drug in failed if drug in CLASSES}
        return _draw(BESIDE, f"refractory={max(1, len(classes))}", pen)
    borne = [drug for drug in _items(row["exposed"]) if drug not in (*failed, *STEROIDS)]
    doubted = [pen.choice(borne)] if borne and way == "doubt" else []
    unsaid = STEROIDS if pen.random() < 0.4 else ()
    items = [drug for drug in _items(row[field]) if drug not in (*unsaid, *doubted)]
    items += borne if way == "marks" else doubted
    items = pen.sample(items, len(items))
    cells = _names(field, items, refused and way == "list", pen)
    yes, _, no = _draw(WAYS, "marks", pen, refused).partition("^")
    for at, item in enumerate(items):
        if way == "classes":
            cells[at] = CLASSES.get(item, cells[at])
        elif way == "marks":
            cells[at] = (yes if item in failed else no).format(r=cells[at])
        elif item in doubted:
            cells[at] = _draw(WAYS, "doubt", pen).format(r=cells[at])
    joint = "drugs" if way in ("list", "classes") else "others"
    return _draw(WAYS, joint, pen).join(dict.fromkeys(cells))


def _by_line(row: Row, lines: list[str], refused: bool, pen: random.Random) -> str:
    """Line by line; without the first where the history is partial."""
    form, after, told = _draw(WAYS, "line", pen, refused), _draw(WAYS, "next", pen), list[str]()
    first = 1 + (row["history"] == "partial" and len(lines) > 1)
    added = "lenalidomide" in row["refractory"] and "lenalidomide" not in " ".join(lines)
    if added and int(row["prior_lines"]) > len(lines):
        lines, added = [*lines, *(each for each in LATER if each.startswith("Rd "))], False
    year = 2026 - 2 * len(lines) - pen.randint(0, 3)
    for line, regimen in enumerate(lines[first - 1 :], start=first):
        drugs = _names("", regimen.split()[3:], False, pen)
        name = _draw(REGIMENS, regimen, pen) if pen.random() < 0.8 else "/".join(drugs)
        said = {"i": line, "o": ORDINALS[line], "y": year + 2 * line, "c": 2 * pen.randint(2, 6)}
        told.append(form.format(r=name, d=", ".join(drugs), **said))
        if line == 1 and row["prior_transplant"] == "true" and pen.random() < 0.7:
            told[0] = _draw(WAYS, "transplant", pen).format(r=told[0])
        if line == 1 and added:
            told[0] = _draw(WAYS, "maintenance", pen).format(r=told[0])
    return after.join(told)


def main() -> None:
    """Write the cohort as CSV."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messy", type=float, default=0.3)
    parser.add_argument("--bad", type=float, default=0.01)
    asked = parser.parse_args()
    rows = cohort(asked.rows, asked.seed, asked.messy, asked.bad)
    first = next(rows)
    writer = csv.DictWriter(sys.stdout, list(first), lineterminator="\n")
    writer.writeheader()
    writer.writerow(first)
    writer.writerows(rows)


if __name__ == "__main__":
    main()
