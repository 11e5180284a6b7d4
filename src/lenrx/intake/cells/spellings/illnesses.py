"""Names of illnesses in charts: of those that criteria ask, of those left open, and of others."""

from __future__ import annotations

import re
from typing import Final

from lenrx.intake.cells.spellings import translated
from lenrx.intake.cells.spellings.results import WITHOUT_VIRUS

_SPELLINGS: Final = {
    "heart_failure": "chf|congestive heart failure|hf|hfref|hfpef|hfmref|ccf"
    "|congestive cardiac failure|cardiac failure|heart failure|cardiac insufficiency|lvf"
    "|left ventricular failure|dilated cardiomyopathy|dcm|ischemic cardiomyopathy"
    "|ischaemic cardiomyopathy|herzinsuffizienz|herzinsuff|herzinsuff.|hi|insuficiencia cardiaca"
    "|icc|insuffisance cardiaque|scompenso cardiaco|insufficienza cardiaca"
    "|reduced ejection fraction|systolic dysfunction|diastolic dysfunction|kardiomyopathie"
    "|insuficiencia cardiaca congestiva|decompensated heart failure|lv dysfunction",
    "recent_mi": "mi within 6 months|mi <6 months|mi < 6 months|recent myocardial infarction"
    "|recent mi|recent heart attack|recent stemi|recent nstemi|recent acs|acute mi"
    "|acute myocardial infarction|ami",
    "unstable_angina": "unstable angina|ua|instabile angina|angina inestable|angor instable",
    "uncontrolled_hypertension": "uncontrolled htn|htn uncontrolled|hypertension uncontrolled"
    "|uncontrolled hypertension|poorly controlled htn|poorly controlled hypertension"
    "|resistant hypertension|hypertensive crisis|malignant hypertension|htn poorly controlled"
    "|uncontrolled ht|uncontrolled bp|hta no controlada|unkontrollierte hypertonie"
    "|hta mal controlada",
    "arrhythmia": "af|afib|a fib|a-fib|atrial fibrillation|atrial flutter|afl|svt|vt"
    "|ventricular tachycardia|ventricular arrhythmia|paf|paroxysmal af"
    "|paroxysmal atrial fibrillation|arrhythmias|arrythmia|dysrhythmia|vorhofflimmern"
    "|vorhofflattern|vhf|acfa|acxfa|fibrilacion auricular|fa|fibrillation auriculaire"
    "|fibrillazione atriale|atrieflimren|formaksflimmer|atrieflimmer|boezemfibrilleren"
    "|migotanie przedsionkow|arritmia|arythmie|permanent af|chronic af|sick sinus syndrome"
    "|persistent af|fibrilhacao auricular",
    "bradycardia": "bradycardia|sinus bradycardia|symptomatic bradycardia|bradykardie"
    "|sinusbradykardie|bradicardia|bradycardie|bradikardie",
    "qt_prolongation": "long qt|prolonged qt|qtc prolongation|qtc prolonged|long qtc"
    "|long qt syndrome|lqts|prolonged qtc|qt verlangerung|qt largo",
    "copd": "copd|coad|chronic obstructive pulmonary disease|chronic obstructive airways disease"
    "|emphysema|chronic bronchitis|epoc|bpco|dpoc|copd/emphysema|emphysem|enfisema|copd gold",
    "interstitial_lung_disease": "ild|interstitial lung disease|pulmonary fibrosis|ipf"
    "|lung fibrosis|lungenfibrose|epid|fibrosis pulmonar|interstitial pneumonitis"
    "|lung disease interstitial|nsip|uip",
    "pulmonary_hypertension": "pulm htn|pulm hypertension|pah|pulmonary arterial hypertension"
    "|pulmonary hypertension|pulmonary htn|phtn|pulmonale hypertonie|hipertension pulmonar|htap",
    "prior_vte": "dvt|pe|vte|pulmonary embolism|pulmonary embolus|deep vein thrombosis"
    "|deep venous thrombosis|prior dvt|prior pe|venous thromboembolism|venous thrombosis"
    "|thrombosis|dvt pe|tvp|tep|etev|tvt|tbvt|lungenembolie|lae|tiefe venenthrombose|thrombose"
    "|embolie pulmonaire|embolia pulmonar|trombosis venosa profunda|trombosis|embolia polmonare"
    "|lungeemboli|lungemboli|longembolie|zatorowosc plucna|pulmonary thromboembolism|blood clot"
    "|blood clots|clot|lungenarterienembolie|tev|mtev|maladie thromboembolique veineuse",
    "prior_stroke": "cva|stroke|prior cva|ischemic stroke|ischaemic stroke|cerebral infarction"
    "|cerebrovascular accident|hemorrhagic stroke|haemorrhagic stroke|intracranial haemorrhage"
    "|intracranial hemorrhage|schlaganfall|apoplex|apoplexie|ictus|acv|avc|ave|stroke ischemic"
    "|cerebral infarct|ictus isquemico|ictus hemorragico|ictus cerebral|acv isquemico"
    "|acv hemorragico|avc ischemique|avc hemorragique|avc isquemico|ictus ischemico"
    "|ictus emorragico|hirninfarkt|hirnblutung|lacunar stroke|embolic stroke|minor stroke",
    "thrombotic_microangiopathy": "tma|ttp|hus|thrombotic microangiopathy|ahus",
    "hepatitis_b_carrier": "hbv carrier|hep b carrier|hepatitis b carrier"
    "|chronic hepatitis b|chronic hbv|chronic hep b|active hepatitis b|active hbv|active hep b"
    "|hbv dna detectable|hbv viraemia|hbv viremia|hepatitis b active|hepatitis b chronic"
    "|hepatitis b chronisch",
    "hepatitis_b_resolved": "resolved hbv|resolved hepatitis b|resolved hep b|past hepatitis b"
    "|past hbv|past hep b|hbv resolved|hepatitis b resolved|hep b resolved|isolated anti-hbc"
    "|hepatitis b past|hepatitis b ausgeheilt|cured hepatitis b|occult hbv|vhb curada|vhb curado"
    "|vhb resuelta|vhb pasada|hepatitis b curada|hepatitis b resuelta|hepatitis b pasada"
    "|vhb guerie|hepatite b guerie|hepatite b ancienne|ausgeheilte hepatitis b|hepatitis b cured"
    "|hep b cured|hbv cured|cured hep b|cured hbv|epatite b pregressa|hepatite b curada",
    "hepatitis_c": "hcv|hep c|hepatitis c|hepc|chronic hepatitis c|hep-c|vhc",
    "hiv": "hiv|aids|hiv infection|hiv-infektion|vih|sida|hiv/aids|hiv 1|hiv-1",
    "active_infection": "active infection|infection active|ongoing infection|current infection"
    "|sepsis|active pneumonia|active tb|active tuberculosis|infeccion activa|aktive infektion"
    "|uncontrolled infection",
    "hypogammaglobulinemia": "hypogammaglobulinemia|hypogammaglobulinaemia|low igg|hypogamma"
    "|igg low"
    "|hypogammaglobulinamie|hipogammaglobulinemia|secondary immunodeficiency",
    "corneal_disease": "keratopathy|corneal disease|dry eye disease|keratitis|corneal ulcer"
    "|keratoconus|fuchs dystrophy|corneal dystrophy|hornhauterkrankung|cornea disease",
    "parkinsonism": "parkinson|parkinsons|parkinson disease|parkinsons disease|parkinson's"
    "|parkinson's disease|pd disease|parkinsonism|morbus parkinson|enfermedad de parkinson"
    "|m parkinson|ipd|m. parkinson",
    "hearing_impairment": "hearing loss|deafness|deaf|hearing impairment|hypoacusis|hipoacusia"
    "|schwerhorigkeit|hoh|hard of hearing|hearing impaired|sensorineural hearing loss|presbycusis"
    "|hearing aid|hearing aids",
    "uncontrolled_diabetes": "uncontrolled dm|uncontrolled diabetes|uncontrolled t2dm"
    "|poorly controlled diabetes|poorly controlled dm|dm uncontrolled|t2dm uncontrolled"
    "|diabetes uncontrolled|t2dm poorly controlled|uncontrolled dm2|unkontrollierter diabetes"
    "|schlecht eingestellter diabetes"
    "|diabetes mal controlada|poorly controlled t2dm|brittle diabetes",
    "hyponatremia": "low na|hyponatremia|hyponatraemia|low sodium|siadh|hiponatremia|hyponatriamie",
    "autoimmune_disease": "autoimmune disease|autoimmune|sle|lupus|rheumatoid arthritis|ra"
    "|multiple sclerosis|crohn|crohns|crohn's disease|crohns disease|crohn disease"
    "|ulcerative colitis|uc|ibd|sjogren|sjogrens|sjogren's|vasculitis|itp|myasthenia gravis"
    "|psoriasis|psoriatic arthritis|ankylosing spondylitis|autoimmune hepatitis|graves disease"
    "|graves|hashimoto|hashimotos|hashimoto thyroiditis|aiha|scleroderma|polymyalgia rheumatica"
    "|pmr|artritis reumatoide|giant cell arteritis|gca|rheumatoide arthritis|autoimmunerkrankung"
    "|systemic lupus erythematosus|dermatomyositis|celiac disease|coeliac disease",
    "amyloidosis": "al amyloidosis|amyloid|al amyloid|amyloidosis|al-amyloidosis|amiloidosis"
    "|cardiac amyloidosis|amyloidose|cardiac amyloid|al amyloidose|al",
    "prior_allogeneic_transplant": "allo|allosct|allo sct|allo-sct|allohsct|allo-hsct"
    "|allogeneic transplant|allogeneic sct|allogeneic stem cell transplant"
    "|allogeneic stem cell transplantation|prior allo|allo hsct|allogeneic hsct|allo transplant",
    "pregnancy": "pregnant|pregnancy|gravid|schwanger|schwangerschaft|embarazo|embarazada"
    "|enceinte|gravidanza|gravida",
    "breastfeeding": "breastfeeding|breast feeding|breast-feeding|nursing|lactating|lactation"
    "|stillend|lactancia",
}
_HEPATITIS_B: Final = "vhb|hvb|hbv|hepatitis b|hep b|hep-b|hepatite b|epatite b|hepatitis-b".split(
    "|"
)
_COURSE: Final = {
    "hepatitis_b_resolved": "cured|resolved|past|occult|cleared|curada|curado|resuelta|pasada"
    "|oculta|guerie|ancienne|ausgeheilt|ausgeheilte|pregressa|resolvida|risolta",
    "hepatitis_b_carrier": "chronic|active|carrier|cronica|cronico|activa|portador|portadora"
    "|chronique|porteur|chronisch|chronische|aktiv|aktive|trager|attiva|portatore|ativa",
}
_SEROLOGY: Final = {
    "hepatitis_b_carrier": "hbsag|hbs ag|hbs-ag",
    "hepatitis_b_resolved": "anti-hbc|anti hbc|hbcab|hbc|core ab|core",
}
_TESTS: Final = {
    "hepatitis_b_carrier": "hbsag|hbs ag|hbs-ag|hbs|hepatitis b surface antigen|aghbs|ag hbs"
    "|ag-hbs|antigene hbs|antigeno hbs",
    "hepatitis_b_resolved": "hbc|anti-hbc|anti hbc|antihbc|hbcab|hbc ab|hbc-ab|anti-hb core"
    "|hepatitis b core antibody|hep b core|hep b core ab|core antibody|hbcore|hep b core antibody"
    "|anti-hbc igg|hepatitis b core|hbv core|hbv core ab|hbv core antibody|hbc-ak|anti-hbc-ak"
    "|ac anti-hbc|ac anti hbc|anti-hbc total|anti hbc total|anticorps anti-hbc",
    "hepatitis_c": "anti-hcv|anti hcv|hcv ab|hcv-ab|hcv rna|hcv-rna|hcv antibody",
    "hiv": "hiv ab|hiv-ab|hiv antibody|anti-hiv|anti hiv|hiv ag/ab|hiv pcr|hiv rna",
}
_UNCONTROLLED: Final = {
    "uncontrolled_diabetes": "dm|dm1|dm2|t1dm|t2dm|diabetes|diabetes mellitus|type 2 diabetes"
    "|type 1 diabetes",
    "uncontrolled_hypertension": "htn|ht|hta|bp|hypertension|high blood pressure",
}
_NOT_CONTROLLED: Final = (
    *("uncontrolled", "poorly controlled", "badly controlled", "not controlled"),
    "not well controlled",
)
_EXAMINATIONS: Final = {
    "hiv": ("hiv", "vih"),
    "hepatitis_c": ("hcv", "hepatitis c", "hep c", "vhc"),
    "hepatitis_b_carrier": ("hbsag",),
    "pregnancy": ("pregnancy",),
}


def _charted() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {
        word.replace("'", ""): (name,)
        for spellings in (translated.ASKED, _SPELLINGS)
        for name, words in spellings.items()
        for word in words.split("|")
    }
    for name, words in _COURSE.items():
        for course in words.split("|"):
            for virus in _HEPATITIS_B:
                found[f"{virus} {course}"] = found[f"{course} {virus}"] = (name,)
    for name, illnesses in _UNCONTROLLED.items():
        for illness in illnesses.split("|"):
            for word in _NOT_CONTROLLED:
                found[f"{illness} {word}"] = found[f"{word} {illness}"] = (name,)
    return {each: (name,) for each, name in translated.uncontrolled().items()} | found


CHARTED: Final = _charted()
"""Spellings of illnesses that criteria ask, in small letters without accents."""
TESTS: Final = {word: (name,) for name, words in _TESTS.items() for word in words.split("|")} | {
    f"{virus} {antigen}": (name,)
    for name, antigens in _SEROLOGY.items()
    for antigen in antigens.split("|")
    for virus in _HEPATITIS_B
}
"""Antigens, antibodies and viral loads, named without their result."""
EXAMINED: Final = TESTS | {
    f"{illness} {word}": (name,)
    for name, illnesses in _EXAMINATIONS.items()
    for illness in illnesses
    for word in "test|serology|screen|screening|serologia|serologie".split("|")
}
"""Examinations: an illness only beside their result."""
_BOTH: Final = ("hepatitis_b_carrier", "hepatitis_b_resolved")
_HBV: Final = (
    "carrier or resolved is not said, so both are left open; write hepatitis_b_carrier or _resolved"
)
_ACTIVE: Final = (
    ("active_infection",),
    "active or not is not said, so active_infection is left open",
)
OPEN: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    **{
        word: (names, f"its result is not said, so {names[0]} is left open")
        for word, names in TESTS.items()
    },
    **dict.fromkeys(
        "hbv|hep b|hepatitis b|hepb|hep-b|vhb|hvb|hepatitis b virus|hbv infection|hepatite b"
        "|epatite b|hepatitis-b|hbv serology|hep b serology|hepatitis b infection"
        "|history hepatitis b".split("|"),
        (_BOTH, _HBV),
    ),
    **dict.fromkeys(
        "viral hepatitis|hepatitis|hepatitis serology|hepatitis b and c|hepatitis b/c|hep b/c"
        "|hbv/hcv|hepatitis panel|hepatitis b c|viral serology|hepatitis serologies"
        "|virushepatitis".split("|"),
        ((*_BOTH, "hepatitis_c"), "which is not said, so all are left open"),
    ),
    **dict.fromkeys(
        "pneumonia|uti|infection|infections|recurrent infections|recurrent infection|zoster"
        "|herpes zoster|shingles|cellulitis|tb|tuberculosis|covid|covid-19|covid19|sinusitis"
        "|bronchitis|osteomyelitis|cmv|pneumonie|neumonia|infektion|infeccion|recurrent pneumonia"
        "|recurrent uti|urinary tract infection|latent tb|fungal infection|aspergillosis"
        "|cmv reactivation|cmv viremia|cmv viraemia|ebv reactivation|hsv|hsv reactivation|vzv"
        "|zoster reactivation|chronic sinusitis|c diff|c difficile|uti s".split("|"),
        _ACTIVE,
    ),
    **dict.fromkeys(
        translated.INFECTIONS,
        _ACTIVE,
    ),
    "angina": (("unstable_angina",), "unstable or not is not said, so it is left open"),
}
"""Words that may mean one or the other of those that are asked; said to be absent, all are."""
INFECTION: Final = frozenset(
    "infection|infections|infektion|infeccion|recurrent infections|recurrent infection".split("|")
)
"""Said to be absent, no infection is active; without one of another name others may be."""
WHEN: Final = "when is not said, so recent_mi is left open"
TIMED: Final[dict[str, str]] = {
    **dict.fromkeys(
        "mi|myocardial infarction|heart attack|stemi|nstemi|acs|acute coronary syndrome|iam|infarto"
        "|herzinfarkt|infarctus|idm|infarct|infarto de miocardio|infarto miocardico"
        "|myokardinfarkt".split("|"),
        "recent_mi",
    ),
    **dict.fromkeys(translated.INFARCTIONS, "recent_mi"),
}
"""Illnesses that are asked only when recent."""
_KIDNEYS: Final = "the kidneys are asked as egfr, crcl, creatinine or dialysis; not read here"
_LIVER: Final = "the liver is asked as hepatic; not read here"
_NERVES: Final = "nerves are asked as neuropathy_grade; not read here"
_HCV: Final = ("hcv", "hep c", "hepatitis c", "vhc", "hepc")
_HBV_WORDS: Final = ("hbv", "hep b", "hepatitis b", "vhb", "hepb")
_TREATED: Final = (
    "treated|cured|svr|eradicated|resolved|post daa|after daa|s/p treatment|past|tratada|tratado"
    "|curada|curado|guerie|ausgeheilt|behandelt|curata|treated svr|rna neg|rna negative"
).split("|")
ELSEWHERE: Final[dict[str, str]] = {
    **dict.fromkeys(
        (f"{virus} {state}" for virus in _HCV for state in _TREATED),
        "cured or not is not said for certain, so hepatitis_c is left open",
    ),
    WITHOUT_VIRUS: "past or treated, so hepatitis_c is left open; write hepatitis_c, or no",
    **dict.fromkeys(
        (f"{virus} {state}" for virus in _HBV_WORDS for state in ("immune", "immunity")),
        "by vaccine or after infection is not said, so hepatitis_b_resolved is left open",
    ),
    **dict.fromkeys(
        "qtc|qt|qtcf|qt interval|qtc interval".split("|"),
        "prolonged or not is not said, so qt_prolongation is left open",
    ),
    "hbv dna": "does not tell a carrier from a resolved hepatitis B; both are left open",
    "ep": "may be a lung embolism or Parkinson's disease, so both are left open",
    "ms": "may be multiple sclerosis or mitral stenosis, so autoimmune_disease is left open",
    "cardiomyopathy": "with heart failure or not is not said, so heart_failure is left open",
    "le": "may be a lung embolism (Lungenembolie) or lupus, so both are left open",
    "ic": "may be heart failure (insuficiencia cardiaca), so heart_failure is left open",
    **dict.fromkeys(
        "ckd|chronic kidney disease|renal failure|renal impairment|renal insufficiency|crf|cri"
        "|esrd|eskd|aki|arf|ckd3|ckd4|ckd5|niereninsuffizienz|chronische niereninsuffizienz"
        "|insuficiencia renal|irc|erc|insuffisance renale|renal|insuficiencia renal cronica"
        "|insufficienza renale|kidney disease|kidney failure|cast nephropathy|nephropathy"
        "|nephrotic syndrome|renal dysfunction|ckd 3|ckd 4|ckd 5|ckd 3a|ckd 3b|ckd3a|ckd3b"
        "|ckd stage 3|ckd stage 4|ckd stage 5|ckd stage iii|ckd stage iv|ckd g3|ckd g4|ckd stage"
        "|kidney transplant|renal disease|ckd stage 2|ckd stage 1|ckd 2|ckd2|diabetic nephropathy"
        "|renal transplant|myeloma kidney".split("|"),
        _KIDNEYS,
    ),
    **dict.fromkeys(translated.KIDNEYS, _KIDNEYS),
    **dict.fromkeys(
        "cirrhosis|liver cirrhosis|liver disease|hepatic impairment|nafld|nash|fatty liver"
        "|steatosis|hepatic steatosis|leberzirrhose|cirrosis|cirrhose|cirrosi"
        "|alcoholic liver disease|liver failure|chronic liver disease|hepatopathy|hepatopathie"
        "|portal hypertension|mild liver disease|masld|hepatic|liver".split("|"),
        _LIVER,
    ),
    **dict.fromkeys(translated.LIVER, _LIVER),
    **dict.fromkeys(
        "neuropathy|pn|peripheral neuropathy|polyneuropathy|cipn|pnp|polyneuropathie|neuropatia"
        "|neuropatia periferica|diabetic neuropathy|neuropathie|sensory neuropathy"
        "|neuropathic pain|small fibre neuropathy|pni".split("|"),
        _NERVES,
    ),
    **dict.fromkeys(translated.NERVES, _NERVES),
    **dict.fromkeys(
        "low ef|reduced ef|lvef|low lvef|reduced lvef|ef".split("|"),
        "the heart's output is asked as lvef; not read here",
    ),
    **translated.LEFT_OPEN,
    "plasmacytoma": "is asked as emd; not read here",
    **dict.fromkeys("frail|frailty".split("|"), "is asked as frailty; not read here"),
    **dict.fromkeys(
        "neutropenia|thrombocytopenia|cytopenia|pancytopenia".split("|"),
        "is asked as anc and platelets; not read here",
    ),
}
"""What belongs in another field, or leaves open what it says, with a mark or without."""
FLAGS: Final = {
    word: field
    for field, words in {
        "dialysis": "dialysis|hemodialysis|haemodialysis|on dialysis|esrd on hd|esrd on dialysis"
        "|ckd on dialysis|ckd on hd|dialyse|hamodialyse|haemodialyse|dialysepflichtig"
        "|dialysepflichtige niereninsuffizienz|dialisis|hemodialisis|en dialisis|en hemodialisis"
        "|hemodialyse|dialise|hemodialise|dialisi|emodialisi|peritoneal dialysis|capd",
        "cns": "cns disease|cns involvement|leptomeningeal disease",
        "emd": "extramedullary disease|emd",
        "prior_transplant": "asct|auto sct|autologous transplant|sct|auto-sct",
    }.items()
    for word in words.split("|")
}
"""What a field of its own says yes or no of, written among the illnesses."""
_COMMON: Final = frozenset(
    "sarcoidosis|hypertension|htn|ht|hbp|hta|high blood pressure|hypertonie|arterielle hypertonie"
    "|ahtn|arterial hypertension|arterial htn|art hypertonie|bluthochdruck|hipertension"
    "|hipertension arterial|hypertension arterielle|ipertensione|ipertensione arteriosa"
    "|hipertensao|hypertonus|coronary artery disease|cad|coronary heart disease|chd"
    "|ischemic heart disease|ischaemic heart disease|ihd|khk|pad|pvd|cardiopatia isquemica"
    "|valvular heart disease|heart murmur|mitral regurgitation|aortic stenosis|pacemaker"
    "|cardiac pacemaker|cabg|pci|coronary stent|cardiac stent|stent|cystic fibrosis|cerebral palsy"
    "|thrombocytosis|essential thrombocythaemia|myelofibrosis|thrombophilia"
    "|superficial thrombophlebitis|aaa|aortic aneurysm|peripheral arterial disease"
    "|peripheral vascular disease|peripheral artery disease|carotid stenosis|tia"
    "|transient ischaemic attack|transient ischemic attack|ait|lbbb|rbbb|av block|heart block"
    "|systemic sclerosis sine|rheumatic fever|t2dm|t1dm|dm|dm2|dm1|niddm|iddm|diabetes"
    "|type 2 diabetes|type 1 diabetes|diabetes mellitus|diabetes type 2|type 2 diabetes mellitus"
    "|type ii diabetes|t2d|t1d|diabetes tipo 2|dm tipo 2|dm ii|dm type 2|diabete|zuckerkrankheit"
    "|asthma|asma|osa|sleep apnoea|sleep apnea|obstructive sleep apnea|obstructive sleep apnoea"
    "|asthme|cataract|glaucoma|hypothyroidism|hyperthyroidism|hyperlipidemia|hyperlipidaemia"
    "|dyslipidemia|hypercholesterolemia|gout|osteoporosis|osteoarthritis|oa|gerd|gord|bph|obesity"
    "|depression|anxiety|smoker|migraine|epilepsy|dementia|prostate cancer|prostate ca"
    "|breast cancer|breast ca|ca prostate|ca breast|colon cancer|melanoma|mgus|mds"
    "|basal cell carcinoma|hyperkalemia|hypernatremia|hypernatraemia|hypokalemia|hypercalcemia"
    "|hypocalcemia".split("|")
)
_VACCINATED: Final = "vaccinated|vaccination|vaccine|immunised|immunized|geimpft|vacunado|vacunada"
COMMON: Final = _COMMON | {
    f"{illness} {word}"
    for illness in ("hepatitis b", "hep b", "hbv", "vhb")
    for word in (*_VACCINATED.split("|"), "immune vaccinated", "vaccinated immune")
}
"""Illnesses that no criterion asks, some of them near in letters to one that is asked."""
_RELATIVE: Final = (
    r"(?:family|father|mother|brother|sister|parents?|siblings?|son|daughter|uncle|aunt|cousin"
    r"|grand(?:father|mother|parents?)|familie|vater|mutter|bruder|schwester|eltern"
    r"|familia|padre|madre|hermano|hermana|hijo|hija|famille|pere|mere|frere|soeur"
    r"|famiglia|fratello|sorella|pai|mae|irmao|irma)"
)
FAMILY_LEADS: Final = re.compile(
    rf"(?:{_RELATIVE}|fh|fhx|fam|familial|familien\w*|famili[ae]re?s?"
    r"|antecedentes familiares|antecedents familiaux|anamnesi familiare)\b"
)
FAMILY_ALONE: Final = re.compile(rf"{FAMILY_LEADS.pattern}(?: history| hx)?(?: of)?")
"""A relative without an illness: it may be meant for the one before."""
FAMILY: Final = re.compile(
    rf"{FAMILY_LEADS.pattern}.*"
    rf"|[^()]*\b(?:in|of|en|bei|chez|del|de la|nel) (?:(?:the|his|her|su|der|dem) )?{_RELATIVE}"
    rf"|[^()]*\((?:in )?{_RELATIVE}\)"
)
"""What others had: said before the illness, or behind it with nothing more."""
SUSPECT: Final = (
    (r"^cmp$|card|heart|herz|coraz|coeur|cuore|ventric|nyha", "heart_failure"),
    (r"\binfarct|infarkt|myocard", "recent_mi"),
    (r"arr?h?yt?h?m|fibrill|tachy|torsade", "arrhythmia"),
    (r"\bqt", "qt_prolongation"),
    (r"obstructive|emphys", "copd"),
    (r"interstit|fibros|pneumonit", "interstitial_lung_disease"),
    (r"thromb|embol", "prior_vte"),
    (r"strok|cerebr|intracran", "prior_stroke"),
    (r"\bhep|\bhb[vsc]|\bhbs|\bhbc", "hepatitis_b_carrier"),
    (r"\bhcv", "hepatitis_c"),
    (r"\bhiv|\baids", "hiv"),
    (r"infect|sepsis|septic|pneumonia|tubercul|abscess", "active_infection"),
    (r"cornea|kerat", "corneal_disease"),
    (r"parkin|^pd$", "parkinsonism"),
    (r"^ph$", "pulmonary_hypertension"),
    (r"hearing|deaf", "hearing_impairment"),
    (r"natr[ae]+mia", "hyponatremia"),
    (r"autoimm|lupus|rheumatoid|vasculit|scleros", "autoimmune_disease"),
    (r"amyl", "amyloidosis"),
    (r"\ballo", "prior_allogeneic_transplant"),
    (r"pregn|gravid|embaraz", "pregnancy"),
    (r"breast ?feed|lactat", "breastfeeding"),
    (r"uncontrolled|poorly controlled|unstable", "uncontrolled_hypertension"),
)
"""What an illness is called that is near to one of those asked."""
