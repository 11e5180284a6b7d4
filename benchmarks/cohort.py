"""A seeded cohort of made-up patients, as messy as real chart tables are.

Usage: python benchmarks/cohort.py ROWS [--seed N] [--messy SHARE] [--bad SHARE] > cohort.csv

Everything is drawn from the tables below, with no patient behind it. `--messy` is the share of
cells written the way charts write them (`<15 (HD)`, `1L VRd -> 2L KRd`, `G3`); 0 writes the words
of the contract, and nothing in the fields that only some tables have. `--bad` is the share of rows
holding one cell that nobody could read. Numbers are drawn evenly between the bounds given; missing
is drawn cell by cell. A seed has the same patients, however messy their cells. A messy cell is
written as lenrx 0.1.0 reads it or, by the shares of `refused`, as it refuses to.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random
from typing import Any, Final, TextIO

# How often a cell is empty (`sometimes`: in columns that only some tables have), and a messy one
# refused; that a cell is sloppy, an id an earlier one's, a line ended in progression; how often
# findings are there; weights of what else is drawn. Here and below || begins another entry.
SHARES: Final = """
missing: age@.01|sex@.01|prior_lines@.04|egfr@.05|cytogenetics@.22|emd@.35|ecog@.25|lvef@.55
missing: neuropathy_grade@.3|platelets@.03|anc@.15|comorbidities@.12|region@.02 || region: us@6|eu@4
sometimes: intolerant@0|history@.75|creatinine@.4|weight@.5|frailty@.75|hepatic@.7
sometimes: comorbidities_absent@.75|prior_transplant@.4|as_of@.9 || ecog: 0@30|1@45|2@18|3@6|4@1
refused: exposed@.04|refractory@.04|cytogenetics@.06|cytogenetics_absent@.02|comorbidities@.07
refused: comorbidities_absent@.04|prior_lines@.02|region@.02|intolerant@.006|dialysis@.006|@.009
rates: sloppy@.08|again@.005|progressed@.7 || lines: 1@34|2@26|3@18|4@11|5@7|6@4
markers: del17p@.12|t(4;14)@.13|t(14;16)@.04|1q gain@.35|t(11;14)@.17|del1p@.08
illnesses: prior_vte@.1|heart_failure@.08|uncontrolled_hypertension@.07|arrhythmia@.08|copd@.09
illnesses: uncontrolled_diabetes@.06|hepatitis_b_resolved@.03|active_infection@.03|recent_mi@.01
illnesses: interstitial_lung_disease@.01|corneal_disease@.02|amyloidosis@.02
neuropathy_grade: 0@50|1@28|2@17|3@5 || history: complete@3|partial@1
frailty: fit@4|intermediate@3|frail@2 || hepatic: none@86|mild@10|moderate@3|severe@1
as_of: 2026-11-23@1|2026-10-15@1|2026-06-30@1|2025-12-31@1
"""
# Regimens: how often each is the first line and a later one, its drugs, and the names that clinics
# and papers give it. Here and below spellings stand between bars, @ before a weight other than 1.
REGIMENS: Final = """
VRd 40 0 V R d: VRd@5|RVd@4|VRD@4|VRd-lite|Vel/Rev/dex || Rd 18 12 R d: Rd@6|Rev/dex@3|Len-Dex@2
DRd 15 0 D R d: DRd@6|D-Rd@2|Dara-Rd@2 || DVRd 12 0 D V R d: D-VRd@3|Dara-VRd@3|DVRd
VCd 8 0 V C d: VCd@4|CyBorD@5 || VMP 4 0 V M p: VMP@5|MPV || DVTd 3 0 D V T d: D-VTd@3|Dara-VTd@2
KRd 0 10 K R d: KRd@6|KRD@2|Car-Len-Dex || DVd 0 14 D V d: DVd@6|Dara-Vd@2|D-Vd@2|Dara/Velcade/dex
DKd 0 9 D K d: DKd@4|Dara-Kd@3|KdD|Dara/Kyprolis/dex || IsaKd 0 8 Isa K d: IsaKd@3|Isa-Kd@4
DPd 0 12 D P d: DPd@5|Dara-Pd@2|Dara/Pom/dex@2 || IsaPd 0 6 Isa P d: IsaPd@3|Isa-Pd@2|Isa/Pom/dex
PVd 0 7 P V d: PVd@3|VPd|Pom/Vel/dex || Pd 0 6 P d: Pd@3|Pom/dex@3|Pom-Dex|pom+dex
Kd 0 6 K d: Kd@4|Kyp-Dex@2|Kd56|Kd70 || IRd 0 4 Ixa R d: IRd@4|Ixa/Rev/dex@2
EPd 0 3 E P d: EPd@3|Elo-Pd@2 || SVd 0 3 S V d: SVd@2|XVd|Sel-Vd
belamaf-dex 0 2 Bela d: belamaf-dex@2|Blenrep || ide-cel 0 2 ide-cel: ide-cel@2|CAR-T (ide-cel)@2
cilta-cel 0 4 cilta-cel: cilta-cel@3|CAR-T (cilta-cel)@3 || Tec 0 4 Tec: teclistamab@3|Tec@2
Tal 0 2 talquetamab: talquetamab|Tal|Talvey || BP 0 1 B p: Benda-Pred|bendamustine/pred
"""
# Drugs by brand, abbreviation, dose, language and slip of the hand; markers as laboratories report
# them; illnesses as problem lists have them. Behind //, here and below, what 0.1.0 refuses.
NAMES: Final = """
lenalidomide: len@8|Revlimid@5|lenalidomide@8|REVLIMID@2|Rev@2|R|lenalidomida@2|len 25 mg d1-21
lenalidomide: lenolidomide@2|Revlimid 10 mg maintenance@3 || melphalan: melphalan@4|mel@2|Alkeran
lenalidomide:  // Rev 15 mg 21/28|lenalidomide 25 MG Oral Capsule [Revlimid]|Revlimid™
bortezomib: Velcade@5|btz@9|bortezomib@4|VELCADE@2|bortezomb|Velcade SC|btz 1.3 mg/m2
bortezomib:  // bortez@2|Velcade s.c.|bortezomib 3.5 MG Injection [Velcade]
carfilzomib: Kyprolis@5|cfz@4|carfilzomib@4|K|cfz 70 mg/m2 weekly@2 // Kyp
ixazomib: ixazomib@3|Ninlaro@4|ixa@2 // ixazomib citrate || selinexor: selinexor@4|Xpovio@4
daratumumab: dara@9|Darzalex@6|daratumumab@3|daratumumb|dara SC@2|Darzalex 16 mg/kg@2
daratumumab:  // daratumumab and hyaluronidase-fihj || cilta-cel: Carvykti@3|cilta-cel@6
isatuximab: Sarclisa@3|isa@4|isatuximab@3 // isatuximab-irfc || talquetamab: Talvey@3|talquetamab@4
pomalidomide: pom@6|Pomalyst@4|pomalidomide@3|Imnovid@2|POM|pomalidomid|pom 4 mg@2
dexamethasone: dex@9|dexamethasone@4|DEX@3|dex 40 mg@3 || copd: COPD@6|copd // COPD GOLD 2|emphysema
prednisone: pred@2|prednisone@2 // prednisolone || del1p: del(1p)@4|del(1p32)@2 // 1p deletion
cyclophosphamide: cyclophosphamide@3|Cytoxan@2|cyclo@3|CTX@2 || recent_mi: recent MI@5 // STEMI
belantamab-mafodotin: Blenrep@3|belamaf@4 // belantamab mafodotin-blmf
ide-cel: Abecma@3|ide-cel@5|idecabtagene vicleucel || prior_vte: DVT@5|PE@3|prior DVT@3 // DVT 2019
teclistamab: Tecvayli@3|teclistamab@4 // teclistamab-cqyv || hepatitis_c: HCV@4 // HCV neg
del17p: del(17p)@8|del17p@2|17p deletion|del(17p13) // TP53 deletion|del(17p)/TP53|del17
t(4;14): t(4;14)@9|t(4,14)|T(4;14)|t(4:14) // t(4;14)(p16;q32)@2|t4;14|t(4;14) IGH::FGFR3
t(14;16): t(14;16)@9|t(14,16)@2 // t(14;16)(q32;q23) || uncontrolled_hypertension: HTN uncontrolled
t(11;14): t(11;14)@9|t(11,14)|t(11:14) // t(11;14)(q13;q32)@3|t(11;14)/IGH-CCND1
1q gain: 1q gain@3|1q21 gain@3|gain(1q)@2|gain 1q21@2|dup(1q) // CKS1B gain
heart_failure: CHF@5|HF@5|heart failure@2 // CHF (EF 40%)|CCF@2
arrhythmia: AF@4|afib@4|atrial fibrillation@3 // AF on apixaban
hepatitis_b_resolved: HBcAb+@3|anti-HBc+@3 // hep B || amyloidosis: AL amyloidosis@3 // amyloid
"""
# Letters and classes of drugs; what charts list besides, or for an empty list; or for all resisted.
BESIDE: Final = """
letters: V=bortezomib|R=lenalidomide|d=dexamethasone|D=daratumumab|C=cyclophosphamide|M=melphalan
letters: B=bendamustine|K=carfilzomib|Isa=isatuximab|P=pomalidomide|Ixa=ixazomib|E=elotuzumab
letters: T=thalidomide|p=prednisone|S=selinexor|Bela=belantamab-mafodotin|Tec=teclistamab
IMiD: lenalidomide|pomalidomide|thalidomide || PI: bortezomib|carfilzomib|ixazomib
anti-CD38: daratumumab|isatuximab || exposed: interferon@3|zoledronic acid@2|clinical trial@2
refractory: study drug|clinical trial || refractory=1: len ref@4|refractory to len@2
refractory=2: double ref@5|yes || refractory=3: triple-class@4|TCR|all of the above
cytogenetics: hyperdiploid@4|del(13q)@4|MYC rearrangement || cytogenetics_absent: rest neg
cytogenetics=: normal@6|neg@2|standard risk@2|hyperdiploid@2|del(13q)@2|46,XY[20]
comorbidities: HTN@8|T2DM@5|CKD@4|hypothyroidism@4 || comorbidities_absent: denies CP|cardiac
comorbidities=: HTN@7|HTN, T2DM@6|none@5|no CHF
"""
# How a cell of drugs is built up; marks of a drug resisted ^ and of one not; what a laboratory
# writes behind a marker; how lines are told apart: {r} is the name, {i} the line, {y} its year.
WAYS: Final = """
exposed: list@50|lines@40|classes@4|doubt@4 // list@6|lines@4 || doubt: {r} ?@5|{r} unk@2
refractory: list@58|marks@24|classes@12|doubt@4|nothing@2 // list@5|summary@4|marks@2
marks: {r} (refractory)^{r} (not refractory)@4|{r}: Y^{r}: N@3|{r} yes^{r} no@4 || others: ; @4|, @3
marks: {r} (PD)^{r} (non-refractory)@2|☒ {r}^☐ {r} // {r} (R)^{r} (S)
intolerant: {r}@8|{r}: yes // {r} (PN gr 3)@4|{r} - neuropathy || drugs: ; @6|, @6| + @2|/@2| & @1|,
found: {r}@9|{r} {p}%@4|{r} ({p}%)@2|{r} pos@4|{r} in {p}% of cells@2
copies: {r} (3 copies)@4|{r}@3|{r} {p}% || absent: {r} neg@5|{r} not detected@3|{r}: no
not done: t(14;20) not done@2|t(14;20) pending@2 || line:  // {i}. {r}@4|{r} ({d})@3|{r} 03/{y}
transplant: {r} + ASCT@4|{r}/ASCT@2|{r} -> ASCT@2 || next:  -> @5|; @6|, @3| then @1|→|=>@1
maintenance: {r} + len maint@2|{r} -> R maint|{r}/Revlimid maintenance
line: {i}L {r}@6|{i}L: {r}@3|{r}@9|{r} ({y})@3|{r} {y}@4|Line {i}: {r}@2|{r} x{c}@3
"""
# Single values as forms, exports and letters have them, in several languages; bounds and ranges
# behind the numbers that they are written for; under no name what stands for nothing.
FIELDS: Final = """
bad: egfr=see letter|refractory=study drug|prior_lines=many|ecog=7|cytogenetics=complex
age: {n}y@9|{n} yo@15|{n} years@6|{n}.0@3|~{n}@2|71..99 >70@2|90..99 >89@20|90..99 90+@9
age: 65..75 65-75@2 // {n} J|{n} años|{n} (at dx) || sex=male: M@9|Male@5|man|männlich|hombre@2 // H
sex=female: F@9|Female@5|woman|weiblich|mujer@2 // W || dialysis=: no@8|0 // Unchecked|never
prior_lines: {word}@3|{n} line{s}@3|{n} prior line{s}@3|{n} LOT@2|{n}L|{n}.0|~{n}|1..2 1-2
prior_lines: 2..3 2-3@3|3..4 3-4@2|3..9 ≥3@2|3..9 3+@2|5..9 5+@4 || ecog:  // KPS {kps}@3|WHO {n}@2
prior_lines:  // {next} line@3|{o} relapse@3|multiple|{n}?|{n} + ASCT@2
egfr: {n} mL/min@7|{n} mL/min/1.73 m²@3|{n}.{d}@3|{n},{d}|~{n}|eGFR {n}|0..11 <15 (HD)@20
egfr: 0..11 HD@4|0..14 <15@7|15..29 <30@2|30..59 30-59@3|61..250 >60@11|61..250 ≥60@4|91..250 >90@9
egfr:  // {n} (CKD-EPI)@3|{n} mL/min/{{1.73_m2}} || neuropathy_grade=0: none@11 // no PN@4
dialysis=true: yes@3|HD@3|on HD|haemodialysis@3 // HD MWF@2|Checked@2 || platelets: 101..999 >100@3
emd=true: yes@6|pos|present|+|sí|1 // Y (plasmacytoma)@4|Checked || intolerant=: none // no|NKDA
emd=false: no@9|neg@3|nein|0 // Unchecked|PET neg@2 || platelets:  // {k:.0f}@3|{k:,.0f}@2|{n} /nl
ecog: ECOG {n}@7|PS {n}@6|PS={n}@3|{n}.0|0..1 0-1@4|0..1 ≤1|1..2 1-2@4|2..3 2-3@2|2..4 >=2@2
neuropathy_grade: G{n}@5|Gr {n}@4|grade {n}@5|CTCAE {n}@2|1..2 G1-2|1..2 1-2|2..3 2-3|2..4 ≥2
neuropathy_grade:  // PN gr {n}@3|{n} (sensory)@2 || anc:  // {k:.0f}@3|{k:,.0f}@2|{n} /nl
lvef: {n}%@8|EF {n}%@4|~{n}%|50..55 50-55%@3|55..60 55-60%@3|56..90 >55%@3|51..90 >50%@2
lvef:  // {n}% (TTE)@2|50..90 preserved@2|55..90 normal@4 || history: {title}@4|{n} // incomplete@5
platelets: {n} K/uL@5|{n} x10³/µL|{n} x10^9/L@5|{n} G/L@2|{n} \u00d710⁹/L|~{n}|0..49 <50
anc: {n} K/uL@4|{n} x10^9/L@3|{comma}@2|{n} G/L@2|{n} x10³/µL|0..0.4 <0.5@9|1.1..9 >1.0@2
creatinine: {n} mg/dL@6|{comma}@2|~{n}|0..1.1 <1.2 // {umol:.0f} umol/L@3
weight: {n} kg@7|{n}.{d}@3|{n},{d} kg|~{n} // {lb:.0f} lb || :  // nan@3|#N/A@2|None@2|<NA>|tbc
frailty: {title}@4|{n} (IMWG)@3 // unfit@2|IMWG 1|CFS 5 || prior_transplant=false: no@7|0@2 // TNE@4
hepatic: {title}@4|{n} // normal@6|Child-Pugh A@3 || region=us: USA@5|US@4|United States@2 // Canada
prior_transplant=true: yes@5|ASCT@4|auto-SCT@2|tandem ASCT // ASCT 2019@3|ASCT x1|Checked
region=eu: Germany@4|Spain@4|EU@2|DE@2 // UK
as_of: %d.%m.%Y@2|%d-%b-%Y@2|%d %b %Y|%Y/%m/%d|%Y-%m-%d 00:00:00 // %b %Y@2|%d.%m.%y|%B %d, %Y
: n/a@9|?@6|unk@4|unknown@6|-@5|not done@5|ND@4|NA@3|pending@2|.|NULL|\u2013
"""
LOOKED_FOR: Final = ("heart_failure", "prior_vte", "hiv", "hepatitis_c", "hepatitis_b_carrier")
STEROIDS, AGAIN_AFTER = ("dexamethasone", "prednisone"), 1000
WORDS: Final = "zero one two three four five six seven eight nine".split()
ORDINALS: Final = "0th 1st 2nd 3rd 4th 5th 6th 7th 8th 9th".split()
Row = dict[str, str]
Choices = tuple[list[str], list[float]]


@cache
def _entries(table: str) -> list[tuple[str, str]]:
    lines = table.strip("\n").replace(" || ", "\n").split("\n")
    return [(key, rest) for key, _, rest in (line.partition(": ") for line in lines)]


@cache
def _choices(table: str, name: str, value: str = "-", refused: bool = False) -> Choices:
    """What stands in a table under a name, with or without a value, and the weights."""
    texts, weights = list[str](), list[float]()
    for key, rest in _entries(table):
        side = rest.partition(" // ")[2 if refused else 0]
        for each in side.split("|") if side and key in (name, f"{name}={value}") else ():
            text, _, weight = each.partition("@")
            bounds, _, bounded = text.partition(" ")
            low, dots, high = bounds.partition("..")
            if not dots or float(low) <= float(value) <= float(high):
                texts.append(bounded if dots else text)
                weights.append(float(weight or 1))
    return texts, weights


def _shares(name: str) -> dict[str, float]:
    return dict(zip(*_choices(SHARES, name), strict=True))


SOMETIMES, REFUSED, RATES = _shares("sometimes"), _shares("refused"), _shares("rates")
EMPTY, MARKERS, ILLNESSES = _shares("missing") | SOMETIMES, _shares("markers"), _shares("illnesses")
FIRST, LATER = ({key: float(key.split()[at]) for key, _ in _entries(REGIMENS)} for at in (1, 2))
DRUGS: Final = dict(each.split("=") for each in _choices(BESIDE, "letters")[0])
CLASSES = {drug: name for name in ("IMiD", "PI", "anti-CD38") for drug in _choices(BESIDE, name)[0]}
UNREADABLE: Final = dict(each.split("=") for each in _choices(FIELDS, "bad")[0])


def cohort(rows: int, seed: int = 1, messy: float = 0.3, bad: float = 0.01) -> Iterator[Row]:
    """Made-up patients, the same for the same arguments."""
    dice, pen = Random(seed), Random(f"{seed} written")
    for number in range(1, rows + 1):
        patient, lines = _patient(number, dice)
        patient |= _sometimes(patient, pen)
        row = dict(patient)
        for field in patient:
            drawn = pen if field in SOMETIMES else dice
            missing, charted = drawn.random() < EMPTY.get(field, 0), drawn.random() < messy
            if missing or (field in SOMETIMES and not messy):
                row[field] = _single("", "", pen) if charted else ""
            elif charted and field != "id":
                row[field] = _charted(field, patient, lines, pen)
        if messy and number > AGAIN_AFTER and pen.random() < RATES["again"]:
            row["id"] = f"P{pen.randint(1, number - AGAIN_AFTER):07d}"
        if dice.random() < bad:
            field = dice.choice(list(UNREADABLE))
            row[field] = UNREADABLE[field]
        yield row


def _patient(number: int, dice: Random) -> tuple[Row, list[str]]:
    """In the words of the contract, and the regimen of each line."""
    lines, given, failed = _history(dice)
    egfr = dice.randint(8, 110)
    found = [name for name, share in MARKERS.items() if dice.random() < share]
    ill = [name for name, share in ILLNESSES.items() if dice.random() < share]
    absent = sorted({*MARKERS} - {*found}) if found else []
    row = {"id": f"P{number:07d}", "age": str(min(92, max(38, round(dice.gauss(69, 9)))))}
    row |= {"sex": dice.choice(("female", "male", "male"))}
    row |= {"prior_lines": str(max(len(lines), 2 if len(failed) > 3 else 1))}
    row |= {"exposed": "; ".join(sorted(given)), "refractory": "; ".join(sorted(failed))}
    row |= {"egfr": str(egfr), "dialysis": "true" if egfr < 12 else ""}
    row |= {"cytogenetics": "; ".join(found), "cytogenetics_absent": "; ".join(absent)}
    row |= {"emd": str(dice.random() < 0.1).lower()}
    row |= {name: _draw(SHARES, name, dice) for name in ("ecog", "neuropathy_grade")}
    row |= {"lvef": str(dice.randint(30, 70)), "platelets": str(dice.randint(20, 320))}
    row |= {"anc": f"{dice.uniform(0.4, 6):.1f}", "comorbidities": "; ".join(ill)}
    return row | {"region": _draw(SHARES, "region", dice)}, lines


def _history(dice: Random) -> tuple[list[str], set[str], set[str]]:
    lines, given, failed = list[str](), set[str](), set[str]()
    count = int(_draw(SHARES, "lines", dice))
    for line in range(1, count + 1):
        weights = LATER if line > 1 else FIRST
        lines += dice.choices([*weights], [*weights.values()])
        drugs = _given(lines[-1])
        given.update(drugs)
        if line == count or dice.random() < RATES["progressed"]:
            failed.update(drug for drug in drugs if drug not in STEROIDS)
    usual = {"lenalidomide"} if dice.random() < 0.95 else set[str]()
    return lines, given | usual, failed | usual


def _given(regimen: str) -> list[str]:
    return [DRUGS.get(each, each) for each in regimen.split()[3:]]


def _sometimes(row: Row, pen: Random) -> Row:
    """The fields that only some tables have, in keeping with the others."""
    borne = {*_items(row["exposed"])} - {*_items(row["refractory"]), *STEROIDS}
    free_of = [each for each in LOOKED_FOR if each not in row["comorbidities"]]
    found = {"intolerant": pen.choice(sorted(borne)) if borne and pen.random() < 0.3 else ""}
    found["history"] = _draw(SHARES, "history", pen)
    found["creatinine"] = f"{max(0.6, 70 / int(row['egfr'])):.1f}"
    found["weight"] = str(min(130, max(40, round(pen.gauss(75, 14)))))
    found |= {name: _draw(SHARES, name, pen) for name in ("frailty", "hepatic")}
    found["comorbidities_absent"] = "; ".join(pen.sample(free_of, pen.randint(1, 3)))
    found["prior_transplant"] = str(pen.random() < (0.6 if int(row["age"]) < 72 else 0.1)).lower()
    return found | {"as_of": _draw(SHARES, "as_of", pen)}


def _items(cell: str) -> list[str]:
    return cell.split("; ") if cell else []


def _draw(table: str, name: str, pen: Random, refused: bool = False, value: str = "-") -> str:
    texts, weights = _choices(table, name, value, refused)
    return pen.choices(texts, weights)[0] if texts else ""


def _charted(field: str, row: Row, lines: list[str], pen: Random) -> str:
    """A cell as charts have it, some with the blanks and dashes of a word processor."""
    refused = pen.random() < REFUSED.get(field, REFUSED[""])
    if field in ("exposed", "refractory"):
        cell = _drugs(field, row, lines, refused, pen)
    elif field.startswith(("cytogenetics", "comorbidities")):
        cell = _listed(field, _items(row[field]), refused, pen)
    elif field == "intolerant" and row[field]:
        (name,) = _names(field, [row[field]], False, pen)
        cell = _draw(WAYS, field, pen, refused).format(r=name)
    else:
        cell = _single(field, row[field], pen)
    if pen.random() >= RATES["sloppy"]:
        return cell
    dashed, hard = cell.replace("-", pen.choice("\u2010\u2011\u2013")), cell.replace(" ", "\u00a0")
    blanks = (f"{cell} ", f"{cell}\u00a0", f" {cell}", cell.replace(" ", "  ", 1))
    return pen.choice((dashed, hard, *blanks))


def _single(field: str, value: str, pen: Random) -> str:
    """A number, a word, a day or nothing; as it is where the table has nothing."""
    refused = pen.random() < REFUSED.get(field, REFUSED[""])
    text = _draw(FIELDS, field, pen, refused, value)
    if field == "as_of" and text:
        return date.fromisoformat(value).strftime(text)
    if "{" not in text:
        return text or value
    number = float(value) if value[:1].isdigit() else 0
    count = min(int(number), len(WORDS) - 2)
    said = {"word": WORDS[count], "o": ORDINALS[count], "next": ORDINALS[count + 1], "n": value}
    said |= {"title": value.title(), "s": "s" * (count > 1), "comma": value.replace(".", ",")}
    said |= {"d": str(pen.randint(0, 9)), "kps": str(100 - 20 * count)}
    return text.format(**said, k=1000 * number, umol=88.4 * number, lb=2.2 * number)


def _names(field: str, items: list[str], refused: bool, pen: Random) -> list[str]:
    """Items by one of their names; one of them, or one more, as 0.1.0 refuses it."""
    names = [_draw(NAMES, item, pen) or item.replace("_", " ") for item in items]
    if refused:
        at = pen.randrange(len(items) + 1)
        other = _draw(NAMES, items[at], pen, refused) if at < len(items) else ""
        beside = _draw(BESIDE, field if items else f"{field}=", pen)
        names[at : at + bool(other)] = [other or beside]
    return names


def _listed(field: str, items: list[str], refused: bool, pen: Random) -> str:
    """Markers or illnesses in any order, markers with what the laboratory says of them."""
    items = pen.sample(items, len(items))
    cells = _names(field, items, refused, pen)
    if field == "cytogenetics" and not refused:
        marks = ["copies" if item == "1q gain" else "found" for item in items]
        absent = [item for item in MARKERS if item not in items and pen.random() < 0.2]
        cells += _names(field, absent, False, pen)
        forms = [_draw(WAYS, mark, pen) for mark in [*marks, *["absent"] * len(absent)]]
        pairs = zip(forms, cells, strict=True)
        cells = [form.format(r=cell, p=pen.randint(8, 95)) for form, cell in pairs]
        cells += [_draw(WAYS, "not done", pen)] if pen.random() < 0.1 else []
    return _draw(WAYS, "others", pen).join(cells)


def _drugs(field: str, row: Row, lines: list[str], refused: bool, pen: Random) -> str:
    """What was given, or what is resisted, in one of the ways to say it."""
    way, failed = _draw(WAYS, field, pen, refused), _items(row["refractory"])
    if way == "lines":
        return _by_line(row, lines, refused, pen)
    if way == "nothing":
        return _single("", "", pen)
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
    doubt = _draw(WAYS, "doubt", pen)
    for at, item in enumerate(items):
        if way == "classes":
            cells[at] = CLASSES.get(item, cells[at])
        elif way == "marks" or item in doubted:
            form = doubt if item in doubted else yes if item in failed else no
            cells[at] = form.format(r=cells[at])
    joint = "drugs" if way in ("list", "classes") else "others"
    return _draw(WAYS, joint, pen).join(dict.fromkeys(cells))


def _by_line(row: Row, lines: list[str], refused: bool, pen: Random) -> str:
    """Line by line; without the first where the history is partial."""
    form, after, told = _draw(WAYS, "line", pen, refused), _draw(WAYS, "next", pen), list[str]()
    first = 1 + (row["history"] == "partial" and len(lines) > 1)
    added = "lenalidomide" in row["refractory"] and " R " not in " ".join(lines)
    if added and int(row["prior_lines"]) > len(lines):
        lines, added = [*lines, *(each for each in LATER if each.startswith("Rd "))], False
    year = 2026 - 2 * len(lines) - pen.randint(0, 3)
    for line, regimen in enumerate(lines[first - 1 :], start=first):
        drugs = _names("", _given(regimen), False, pen)
        name = _draw(REGIMENS, regimen, pen) if pen.random() < 0.8 else "/".join(drugs)
        said = {"i": line, "o": ORDINALS[line], "y": year + 2 * line, "c": 2 * pen.randint(2, 6)}
        told.append(form.format(r=name, d=", ".join(drugs), **said))
    transplanted = first == 1 and row["prior_transplant"] == "true" and pen.random() < 0.7
    for way in ["transplant"] * transplanted + ["maintenance"] * (added and first == 1):
        told[0] = _draw(WAYS, way, pen).format(r=told[0])
    return after.join(told)


def written(out: TextIO, *asked: Any, **more: Any) -> None:
    """Write a cohort as CSV; asked for like `cohort`."""
    writer = csv.writer(out, lineterminator="\n")
    for number, row in enumerate(cohort(*asked, **more)):
        writer.writerows([row, row.values()] if number == 0 else [row.values()])


def main() -> None:
    """Write the cohort to stdout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    for name, usual in (("seed", 1), ("messy", 0.3), ("bad", 0.01)):
        parser.add_argument(f"--{name}", type=type(usual), default=usual)
    written(sys.stdout, **vars(parser.parse_args()))


if __name__ == "__main__":
    main()
