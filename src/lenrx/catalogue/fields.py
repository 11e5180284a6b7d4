"""The fields of a patient, each declared once: how it is read, and where a user meets it.

An annotation of `PatientFields` holds the type that code may pass, the kind that reads a value, and
a `Shown`; all that reads, asks or shows a field comes from here: a new one is one annotation more.
"""

# No `from __future__ import annotations`: these are read as values, at every start.

from typing import Annotated, Final, NamedTuple

from lenrx.catalogue import units
from lenrx.catalogue.field_kinds import (
    DISEASE,
    HEART,
    HISTORY,
    KIDNEYS,
    PLACE,
    Findings,
    Names,
    Number,
    Numeric,
    Plain,
    Shown,
    Word,
    declared,
)
from lenrx.catalogue.vocabulary import COMORBIDITIES, CYTOGENETIC_ALIASES, CYTOGENETICS, REGIONS

_MARKERS: Final = tuple(CYTOGENETIC_ALIASES.items())


class PatientFields(NamedTuple):
    """What is stated about one patient; None is "not stated"."""

    id: Annotated[
        str | None,
        Plain.TEXT,
        Shown(
            PLACE,
            "Text to carry along.",
            columns="patient id|patientid|mrn|pid|patient|patient no|patient number|subject"
            "|subject id|usubjid|case id|record id|study id|paciente|id paciente|nhc|patienten id"
            "|patientennummer|fallnummer|identifiant|numero patient|paziente|id paziente"
            "|codice paziente|pat nr|patienten nr|patientennr|n paciente|num paciente|person id"
            "|prontuario|n prontuario|id do paciente|n dossier|studien id|historia clinica",
        ),
    ] = None
    age: Annotated[
        Number,
        Numeric(0, 120, "years", units=units.AGE),
        Shown(
            HEART,
            "Years.",
            columns="edad|alter|eta|age at index|age at start|idade|age at relapse|age at visit"
            "|age at baseline|age at inclusion|age at enrolment|age at enrollment|current age",
        ),
    ] = None
    sex: Annotated[
        str | None,
        Word(("female", "male"), spellings=(("f", "female"), ("m", "male"))),
        Shown(HEART, columns="gender|sexo|geschlecht|sexe|sesso|genero|genre|genere"),
    ] = None
    prior_lines: Annotated[
        Number,
        Numeric(
            0,
            30,
            "prior lines of therapy",
            whole=True,
            counts=units.PRIOR_LINES,
        ),
        Shown(
            HISTORY,
            "Prior lines of therapy.",
            question="How many prior lines of therapy?",
            columns="lot|lines of therapy|n lines|number of lines|previous treatments"
            "|prior therapies|number of prior lines|no of prior lines|prior lot|previous lines"
            "|n prior lines|lineas previas|numero de lineas|lineas de tratamiento|therapielinien"
            "|vortherapien|anzahl vortherapien|lignes anterieures|nombre de lignes"
            "|linee precedenti|n lineas|num lineas|lineas|anz vortherapien|n lignes|nb lignes"
            "|anzahl therapielinien|linhas previas|n linhas|numero de linhas",
            also="lines",
        ),
    ] = None
    exposed: Annotated[
        Names,
        Plain.DRUGS,
        Shown(
            HISTORY,
            "Given before: drugs, brands, classes or regimens (VRd).",
            question="Which drugs were given?",
            columns="exposure|exposed to|prior drugs|previous drugs|prior treatment|drugs received"
            "|received|prior regimens|expuesto|farmacos previos|tratamientos previos|exponiert"
            "|vorbehandlung|expose|traitements anterieurs|esposto|terapie precedenti"
            "|farmaci precedenti|vortherapie|previous regimens|tratamiento previo",
            order=-1,
        ),
    ] = None
    refractory: Annotated[
        Names,
        Plain.DRUGS,
        Shown(
            HISTORY,
            "Progressed on it, within 60 days of it, or never responded.",
            question="Refractory to which drugs?",
            columns="refractory to|refractoriness|refractario|refractario a|refraktar|refraktaer"
            "|refraktar auf|refractaire|refractaire a|refrattario|refrattario a|drug refractory",
            order=-2,
        ),
    ] = None
    intolerant: Annotated[
        Names,
        Plain.DRUGS,
        Shown(
            HISTORY,
            "Stopped for toxicity.",
            question="Intolerant of which drugs?",
            columns="stopped for tox|stopped for toxicity|discontinued for toxicity"
            "|stopped due to toxicity|discontinued due to toxicity|intolerance|intolerant to"
            "|intolerante|intolerancia|unvertraglichkeit|intoleranz|intolerances|intollerante"
            "|intolleranza|abgesetzt wegen toxizitat|abgesetzt wg toxizitat",
            order=-1,
        ),
    ] = None
    history: Annotated[
        str | None,
        Word(("complete", "partial"), criterion=False),
        Shown(
            HISTORY,
            "complete: a drug not listed was not given (default); partial.",
            columns="history completeness|treatment history",
        ),
    ] = None
    egfr: Annotated[
        Number,
        Numeric(
            0,
            250,
            "mL/min/1.73 m2",
            label="eGFR",
            prefixes="egfr|gfr|tfge?|dfge?|fge?",
            units=units.EGFR,
            sure=(3, 250),
        ),
        Shown(
            KIDNEYS,
            question="eGFR or creatinine clearance?",
            columns="gfr|e gfr|ckd epi|filtrado glomerular|fg|fge|tfg|tfge|dfg|dfge|vfg|dfg estime"
            "|filtration glomerulaire|estimated gfr|glomerulare filtrationsrate",
        ),
    ] = None
    crcl: Annotated[
        Number,
        Numeric(0, 300, "mL/min", label="CrCl", units=units.CRCL, sure=(3, 300)),
        Shown(
            KIDNEYS,
            "Creatinine clearance, mL/min.",
            question="Creatinine clearance?",
            columns="clearance|creatinine clearance|cr cl|clcr|ccr|aclaramiento"
            "|aclaramiento de creatinina|kreatinin clearance|clairance|clairance de la creatinine"
            "|clearance creatinina",
        ),
    ] = None
    creatinine: Annotated[
        Number,
        Numeric(0.1, 30, "mg/dL", criterion=False, units=units.CREATININE, sure=(0.2, 8)),
        Shown(
            KIDNEYS,
            "mg/dL; with age, sex and weight eGFR and CrCl are derived.",
            columns="creat|scr|serum creatinine|creatinina|kreatinin|serumkreatinin|creatininemia"
            "|creatininemie|s creatinine",
        ),
    ] = None
    weight: Annotated[
        Number,
        Numeric(20, 400, "kg", criterion=False, units=units.WEIGHT, digits=1, sure=(20, 150)),
        Shown(KIDNEYS, columns="body weight|bw|wt|peso|gewicht|korpergewicht|poids"),
    ] = None
    dialysis: Annotated[
        bool | None,
        Plain.FLAG,
        Shown(
            KIDNEYS,
            question="On dialysis?",
            columns="on dialysis|hemodialysis|haemodialysis|hd|dialisis|dialyse|dialisi",
        ),
    ] = None
    cytogenetics: Annotated[
        Names,
        Findings(CYTOGENETICS, "cytogenetics", _MARKERS),
        Shown(
            DISEASE,
            f"Found: {', '.join(CYTOGENETICS)}; usual spellings.",
            columns="fish|cytogenetic|cytogenetic abnormalities|citogenetica|zytogenetik|karyotype"
            "|cytogenetique|fish result|fish results",
        ),
    ] = None
    cytogenetics_absent: Annotated[
        Names,
        Findings(CYTOGENETICS, spellings=_MARKERS),
        Shown(DISEASE, columns="fish negative|negative fish|fish absent|citogenetica ausente"),
    ] = None
    emd: Annotated[
        bool | None,
        Plain.FLAG,
        Shown(
            DISEASE,
            "Extramedullary disease: true, false.",
            question="Extramedullary disease?",
            columns="extramedullary|extramedullary disease|enfermedad extramedular"
            "|eme|extramedullar|extramedullaire|extramidollare|malattia extramidollare",
        ),
    ] = None
    pcl: Annotated[
        bool | None,
        Plain.FLAG,
        Shown(
            DISEASE,
            "Plasma cell leukaemia: true, false.",
            question="Plasma cell leukaemia?",
            columns="plasma cell leukemia|plasma cell leukaemia|leucemia de celulas plasmaticas",
        ),
    ] = None
    cns: Annotated[
        bool | None,
        Plain.FLAG,
        Shown(
            DISEASE,
            "CNS disease: true, false.",
            question="CNS disease?",
            columns="cns involvement|cns disease|snc|zns|afectacion snc",
        ),
    ] = None
    ecog: Annotated[
        Number,
        Numeric(0, 4, "ECOG performance status", whole=True, label="ECOG", prefixes=units.ECOG),
        Shown(
            HEART,
            question="ECOG performance status?",
            columns="ps|ecog ps|ps ecog|performance status|who ps|ecog status|zubrod",
        ),
    ] = None
    frailty: Annotated[
        str | None,
        Word(("fit", "intermediate", "frail")),
        Shown(
            HEART,
            question="Frailty (fit, intermediate, frail)?",
            columns="frailty score|imwg frailty|fragilidad|gebrechlichkeit|fragilite|fragilita",
        ),
    ] = None
    neuropathy_grade: Annotated[
        Number,
        Numeric(
            0,
            4,
            "CTCAE grade",
            whole=True,
            prefixes=r"(?:(?:pnp?|\w*neuropath\w+) )?(?:ctcae(?: grade)?|grad[eo]?|gr?|\xb0)|pnp?",
        ),
        Shown(
            HEART,
            question="Grade of peripheral neuropathy?",
            columns="neuropathy|pn|pn grade|peripheral neuropathy|neuropatia|polyneuropathie"
            "|neuropathie|grado neuropatia|pnp|pnp grad",
            order=1,
        ),
    ] = None
    neuropathic_pain: Annotated[
        bool | None,
        Plain.FLAG,
        Shown(HEART, columns="neuropathy pain|painful neuropathy|dolor neuropatico", order=1),
    ] = None
    lvef: Annotated[
        Number,
        Numeric(5, 90, "percent", label="LVEF", prefixes="lvef|ef|fev[ige]|fe", units=units.LVEF),
        Shown(HEART, "Percent.", columns="ef|ejection fraction|fevi|lv ef|fevg|fevs"),
    ] = None
    platelets: Annotated[
        Number,
        Numeric(0, 3000, "10^9/L", units=units.COUNTS, sure=(2, 1000), digits=6),
        Shown(
            KIDNEYS,
            columns="plt|plts|platelet|platelet count|plaquetas|thrombozyten|thrombos|plaquettes"
            "|piastrine",
            order=1,
        ),
    ] = None
    anc: Annotated[
        Number,
        Numeric(0, 200, "10^9/L", label="ANC", units=units.COUNTS, sure=(0, 20), digits=6),
        Shown(
            KIDNEYS,
            "Neutrophils, 10^9/L.",
            question="Neutrophils (ANC)?",
            columns="neutrophils|neutrophil count|absolute neutrophil count|neut|neutrofilos"
            "|neutrophils abs|abs neutrophils|absolute neutrophils|neut abs|neutrophils absolute"
            "|neutrophile|neutrophilen|pnn|neutrofili",
            order=1,
        ),
    ] = None
    hepatic: Annotated[
        str | None,
        Word(("none", "mild", "moderate", "severe")),
        Shown(
            KIDNEYS,
            "Hepatic impairment: none; mild, moderate, severe by NCI, or Child-Pugh A, B, C.",
            question="Hepatic impairment?",
            columns="hepatic impairment|liver|liver impairment|hepatico|leber|hepatique|epatico",
        ),
    ] = None
    comorbidities: Annotated[
        Names,
        Findings(COMORBIDITIES, "comorbidity"),
        Shown(
            HEART,
            f"Present: {', '.join(COMORBIDITIES)}.",
            columns="comorbidity|comorbid|comorbilidades|comorbidades|komorbiditaten"
            "|begleiterkrankungen|comorbidites|comorbidita|medical history|pmh|nebendiagnosen"
            "|nebenerkrankungen|vorerkrankungen|antecedentes|antecedentes personales|antecedents",
            order=1,
        ),
    ] = None
    comorbidities_absent: Annotated[
        Names,
        Findings(COMORBIDITIES),
        Shown(HEART, columns="no comorbidities|comorbidities excluded", order=1),
    ] = None
    medications: Annotated[
        Names,
        Plain.MEDICINES,
        Shown(
            HEART,
            "Taken besides: names, brands or interaction classes; none.",
            question="Which other medicines are taken?",
            columns="con meds|conmeds|concomitant medications|concomitant medication"
            "|comedication|comedications|comeds|medication|current medications|medication list"
            "|medikation|begleitmedikation|dauermedikation|medicacion|medicacion concomitante"
            "|medicacion habitual|medicamentos|traitements concomitants|terapia concomitante",
            order=1,
        ),
    ] = None
    prior_transplant: Annotated[
        bool | None,
        Plain.FLAG,
        Shown(
            HISTORY,
            "Transplanted before: true, false.",
            columns="asct|transplant|sct|prior asct|auto sct|prior sct|tph|tasp|trasplante"
            "|transplantation|autogreffe|trapianto|taph|taspe|tmo|tamo|auto hsct|ahsct|hsct"
            "|auto hct|auto tph|auto tmo|auto szt|szt|autotrasplante|autotransplante"
            "|trasplante autologo|trapianto autologo|autologe szt|stammzelltransplantation"
            "|autologous transplant",
        ),
    ] = None
    region: Annotated[
        str | None,
        Word(REGIONS, criterion=False),
        Shown(
            PLACE,
            "Whose label: us, eu (default: either).",
            columns="country|pais|land|pays|paese|nation",
        ),
    ] = None
    as_of: Annotated[
        str | None,
        Plain.DAY,
        Shown(
            PLACE,
            "ISO date the question is asked for (default: today).",
            columns="index date|as of date|fecha indice|stichtag|date index|data indice"
            "|assessment date",
        ),
    ] = None
    expanded: tuple[tuple[str, str], ...] = ()
    """Regimens that were typed where drugs were asked: (field, regimen)."""
    unsure: tuple[str, ...] = ()
    """Drugs given whose refractoriness a treatment record leaves open."""
    kept: tuple[tuple[str, str], ...] = ()
    """What no criterion knows: a field, and a treatment, a finding or an illness in words."""
    otherwise_treated: bool = False
    """Whether a treatment that the catalogue does not hold may have been a line."""
    unnamed: tuple[str, ...] = ()
    """Treatments of a record that may have been any drug: why its history is partial."""
    record: tuple[tuple[str, int, str], ...] = ()
    """What a treatment record gave: what, in which course, by which rule."""
    recorded: tuple[str, ...] = ()
    """Fields that a treatment record gave, and nobody stated."""


DECLARED: Final = declared(PatientFields.__annotations__)
"""Every field that a user may state, in the order of the contract."""
NUMERIC: Final = {n: each.kind for n, each in DECLARED.items() if isinstance(each.kind, Numeric)}
WORDED: Final = {n: each.kind for n, each in DECLARED.items() if isinstance(each.kind, Word)}
FOUND: Final = {n: each.kind for n, each in DECLARED.items() if isinstance(each.kind, Findings)}
FLAGGED: Final = tuple(n for n, each in DECLARED.items() if each.kind is Plain.FLAG)
DRUGGED: Final = tuple(n for n, each in DECLARED.items() if each.kind is Plain.DRUGS)
TAKEN: Final = tuple(n for n, each in DECLARED.items() if each.kind is Plain.MEDICINES)
WHOLE: Final = frozenset(name for name, kind in NUMERIC.items() if kind.whole)
"""Numbers that have no fractions."""
