"""Names of illnesses in German, Spanish, French, Italian and Portuguese, without accents.

Of those that criteria ask, of those left open, and of what another field asks.
"""

from __future__ import annotations

from typing import Final

ASKED: Final = {
    "heart_failure": "icfer|icfep|icfe|linksherzinsuffizienz|rechtsherzinsuffizienz"
    "|linksventrikulare dysfunktion|scompenso|ic congestiva|ins cardiaca|ins. cardiaca"
    "|insuficiencia cardiaca cronica|insuffisance ventriculaire gauche|miocardiopatia dilatada"
    "|cardiomiopatia dilatativa|cardiomiopatia dilatada|cardiomyopathie dilatee"
    "|dilatative kardiomyopathie|decompensated hf|hf decompensated|dekompensierte herzinsuffizienz",
    "unstable_angina": "instabile ap|instabile angina pectoris|angina instabile|angina instavel",
    "uncontrolled_hypertension": "hypertensive urgency|urgencia hipertensiva|crisis hipertensiva"
    "|crise hipertensiva|crise hypertensive|crisi ipertensiva|hypertensiver notfall"
    "|hypertensive entgleisung|refractory hypertension|resistant htn|hta resistente"
    "|hta refractaria|hipertension resistente",
    "arrhythmia": "fibrilacao atrial|flutter|flutter auricular|flutter atrial|flutter auriculaire"
    "|flutter atriale|rhythmusstorungen|rhythmusstorung|herzrhythmusstorungen|hrst|arritmias"
    "|arritmie|aritmia|troubles du rythme|sick sinus|wpw|tachyarrhythmie|tachyarrhythmia"
    "|taquiarritmia|taquicardia ventricular|taquicardia supraventricular|tsv|tachycardie"
    "|afib with rvr|af with rvr|af rvr|afib rvr",
    "qt_prolongation": "qt longo|qt prolongado|qt lungo|qt allungato|qt long|qt verlangert"
    "|verlangertes qt|qtc verlangert|sindrome de qt largo|sindrome do qt longo",
    "copd": "chronische bronchitis|bronchite chronique|bronquitis cronica|bronquite cronica"
    "|bronchite cronica|lungenemphysem|enfisema pulmonar|enfisema polmonare|emphyseme"
    "|emphyseme pulmonaire",
    "interstitial_lung_disease": "fibrose pulmonar|fibrose pulmonaire|fibrosi polmonare"
    "|pneumopatia interstiziale|pneumopathie interstitielle|interstitielle lungenerkrankung"
    "|enfermedad pulmonar intersticial|doenca pulmonar intersticial",
    "pulmonary_hypertension": "htp|hipertensao pulmonar|ipertensione polmonare"
    "|hypertension pulmonaire|hypertension arterielle pulmonaire|hipertension arterial pulmonar"
    "|hipertensao arterial pulmonar|pulmonalarterielle hypertonie",
    "prior_vte": "trombosi venosa|trombosi venosa profonda|thrombose veineuse"
    "|thrombose veineuse profonde|beinvenenthrombose|bvt|trombose|trombose venosa"
    "|trombose venosa profunda|tromboembolismo|tromboembolismo pulmonar|tromboembolismo venoso"
    "|tromboembolia|tromboembolia pulmonar|tromboembolia polmonare|tvp mmii|tvp mid|tvp mii"
    "|dvt rle|dvt lle|dvt rue|dvt lue|line-associated dvt|line associated dvt|port thrombosis"
    "|catheter-related dvt|catheter thrombosis|catheter-associated dvt|venenthrombose"
    "|embolia de pulmon|emboli pulmonaire",
    "prior_stroke": "avci|derrame cerebral|insult|ischamischer insult|apoplektischer insult"
    "|infarctus cerebral|infarto cerebral|infarto cerebrale|ictus cerebri|ictus cerebrale"
    "|mediainfarkt|kleinhirninfarkt|hirnschlag|schlaganfalle|isquemia cerebral"
    "|ischemia cerebrale|hemorragia cerebral|hemorragie cerebrale|emorragia cerebrale"
    "|hemorragia intracraneal",
    "thrombotic_microangiopathy": "shu|microangiopatia trombotica|microangiopathie thrombotique"
    "|thrombotische mikroangiopathie|purpura trombotica trombocitopenica"
    "|sindrome hemolitico uremico|sindrome uremico hemolitico",
    "hepatitis_b_resolved": "isolated core ab|isolated hbcab|isolated core antibody"
    "|anti-hbc isolated|isolated hbc|anti-hbc isoliert|anti-hbc aislado",
    "hepatitis_c": "hvc|hepatite c|epatite c|hepatitis-c|hepatitis c chronisch"
    "|hepatitis c cronica|hepatite c cronica|hepatite c chronique|epatite c cronica",
    "active_infection": "infeccao ativa|infezione attiva|floride infektion",
    "hypogammaglobulinemia": "hipogamaglobulinemia|ipogammaglobulinemia|hypogammaglobulinemie"
    "|antikorpermangel|antikorpermangelsyndrom|igg deficiency|igg-mangel|igg mangel|deficit de igg",
    "corneal_disease": "queratopatia|cheratopatia|ceratopatia|keratopathie|queratitis|cheratite"
    "|ceratite|keratite|keratokonjunktivitis|keratoconjunctivitis|queratoconjuntivitis",
    "parkinsonism": "maladie de parkinson|doenca de parkinson|malattia di parkinson"
    "|parkinson-syndrom|parkinson syndrom|morbo di parkinson|mal de parkinson",
    "hearing_impairment": "surdite|surdez|sordita|sordera|schwerhorig|hypoacousie|ipoacusia"
    "|perda auditiva|horgerat|taubheit|hipoacusia neurosensorial",
    "hyponatremia": "hyponatremie|iponatriemia|iponatremia|hypona",
    "autoimmune_disease": "lupus eritematoso|lupus eritematoso sistemico|lupus erythemateux"
    "|colitis ulcerosa|colite ulcerosa|rectocolite|rectocolite hemorragique|rch|retocolite"
    "|retocolite ulcerativa|morbus bechterew|m bechterew|m. bechterew|bechterew"
    "|espondilitis anquilosante|espondilite anquilosante|spondylarthrite ankylosante"
    "|morbus basedow|m. basedow|basedow|enfermedad de graves|morbus crohn|m crohn|m. crohn"
    "|enfermedad de crohn|maladie de crohn|doenca de crohn|morbo di crohn|esclerosis multiple"
    "|sclerose en plaques|sclerosi multipla|esclerose multipla|multiple sklerose"
    "|artrite reumatoide|polyarthrite rhumatoide|psoriasi|psoriase|schuppenflechte|myasthenia"
    "|miastenia|miastenia gravis|myasthenie|tiroiditis de hashimoto|tireoidite de hashimoto"
    "|hashimoto-thyreoiditis|cidp|pti|polimialgia reumatica|polymyalgia",
    "amyloidosis": "al-amyloidose|amylose|amylose al|amiloidose|amiloidose al|amiloidosi"
    "|amiloidosi al"
    "|amiloidosis al|amyloidose al",
    "prior_allogeneic_transplant": "alo-tph|alo tph|alotph|tph alogenico|tmo alogenico"
    "|transplante alogenico|trasplante alogenico|allogreffe|greffe allogenique|allo-szt|alloszt"
    "|allo szt|allogene transplantation|allogene stammzelltransplantation|allotrapianto"
    "|trapianto allogenico|alo-tmo",
    "pregnancy": "grossesse|incinta|gestante|gravidez|gestacion|gestacao",
    "breastfeeding": "allaitement|allaitante|amamentacao|amamentando|allattamento|stillzeit",
}
"""Spellings of what criteria ask, behind one another."""
_DIABETES: Final = (
    "diabetes|diabete|diabetes mellitus|diabete mellito|dm|dm1|dm2|dm tipo 2|dm typ 2|dm ii|t2dm"
    "|t1dm|diabetes tipo 2|diabetes typ 2|diabete tipo 2|diabete de type 2|diabetes mellitus tipo 2"
    "|diabetes mellitus typ 2|iddm|niddm|dmid|dmnid"
)
_HYPERTENSION: Final = (
    "hta|has|htn|hipertension|hipertension arterial|hypertonie|arterielle hypertonie|hypertonus"
    "|bluthochdruck|ipertensione|ipertensione arteriosa|hipertensao|hipertensao arterial"
    "|hypertension arterielle|hypertension"
)
_UNCONTROLLED: Final = (
    "descompensad[ao]|descontrolad[ao]|mal controlad[ao]|no controlad[ao]|nao controlad[ao]"
    "|non controllat[ao]|mal controllat[ao]|scompensat[ao]|desequilibre|mal equilibre"
    "|non equilibre|non controle|non controlee|mal controlee|schlecht eingestellte?r?"
    "|nicht eingestellte?r?|unzureichend eingestellte?r?|schlecht kontrollierte?r?"
    "|unkontrollierte?r?|entgleiste?r?|dekompensierte?r?"
)


def _forms(word: str) -> list[str]:
    """The endings of a word: `[ao]` is one of two letters, `e?r?` an ending or none."""
    if word.endswith("[ao]"):
        return [f"{word[:-4]}{each}" for each in "ao"]
    if word.endswith("e?r?"):
        return [f"{word[:-4]}{each}" for each in ("", "e", "er")]
    return [word]


def uncontrolled() -> dict[str, str]:
    """Diabetes and hypertension that are not controlled, in both orders of the words."""
    manners = [form for word in _UNCONTROLLED.split("|") for form in _forms(word)]
    return {
        text: name
        for name, illnesses in (
            ("uncontrolled_diabetes", _DIABETES),
            ("uncontrolled_hypertension", _HYPERTENSION),
        )
        for illness in illnesses.split("|")
        for manner in manners
        for text in (f"{illness} {manner}", f"{manner} {illness}")
    }


INFECTIONS: Final = (
    "itu|infeccao urinaria|infeccion urinaria|infection urinaire|infezione urinaria|hwi"
    "|harnwegsinfekt|harnwegsinfektion|polmonite|pneumopathie|gurtelrose|herpes zona"
    "|tuberculose|tubercolosi|tuberkulose|tbc|infecao|infeccao|infezione|celulitis|celulite"
).split("|")
"""Active or not is not said."""
INFARCTIONS: Final = (
    "ima|sca|sindrome coronario agudo|sindrome coronarico agudo|syndrome coronarien aigu"
    "|infarto agudo de miocardio|infarto agudo do miocardio|infarto acuto del miocardio"
    "|infarto del miocardio|infarto do miocardio|infarctus du myocarde|hinterwandinfarkt"
    "|vorderwandinfarkt"
).split("|")
"""When is not said."""
_HEART: Final = "with heart failure or not is not said, so heart_failure is left open"
_CLOTS: Final = "of a deep vein or not is not said, so prior_vte is left open"
_AUTOIMMUNE: Final = "so autoimmune_disease is left open"
_EYES: Final = "of the cornea or not is not said, so corneal_disease is left open"
LEFT_OPEN: Final = {
    **dict.fromkeys(
        "miocardiopatia|cardiomiopatia|cardiomyopathie|heart disease|cardiopatia|cardiopathie"
        "|herzerkrankung|cardiac disease|nyha|nyha i|nyha ii|nyha iii|nyha iv|nyha 1|nyha 2|nyha 3"
        "|nyha 4|nyha class i|nyha class ii|nyha class iii|nyha class iv|hypertensive heart disease"
        "|hypertensive herzerkrankung|cardiopatia hipertensiva".split("|"),
        _HEART,
    ),
    **dict.fromkeys("phlebitis|phlebite|flebitis|flebite|thrombophlebitis".split("|"), _CLOTS),
    "ivc filter": "why is not said, so prior_vte is left open",
    **dict.fromkeys(
        "dry eye|dry eyes|ojo seco|trockenes auge|trockene augen|sicca|oeil sec|occhio secco"
        "|olho seco".split("|"),
        _EYES,
    ),
    "ar": f"may be rheumatoid arthritis or aortic regurgitation, {_AUTOIMMUNE}",
    "as": f"may be ankylosing spondylitis or aortic stenosis, {_AUTOIMMUNE}",
    "em": f"may be multiple sclerosis (esclerosis multiple), {_AUTOIMMUNE}",
    "mg": f"may be myasthenia gravis, {_AUTOIMMUNE}",
    "les": f"may be lupus (lupus eritematoso sistemico), {_AUTOIMMUNE}",
    "zona": "may be shingles, so active_infection is left open",
    "pht": "may be pulmonary or portal hypertension; the first is left open",
    "ich": "may be a bleeding in the brain, so prior_stroke is left open",
    "ptt": "may be a thrombotic microangiopathy, which is left open",
    "mat": "may be a thrombotic microangiopathy, which is left open",
    "derrame": "may be a stroke or an effusion, so prior_stroke is left open",
    "gvhd": "comes after an allogeneic transplant; write prior_allogeneic_transplant",
    "hd": "may be dialysis, which is a field of its own; not read here",
}
"""Words that may mean one of those that are asked, or something else."""
ONLY_ALONE: Final = frozenset("as em ar le ic ep hd mg ms les zona mat".split())
"""Of these, what among more words is an article, a preposition or a unit."""
KIDNEYS: Final = (
    "drc|doenca renal cronica|enfermedad renal cronica|insuficiencia renal aguda|ira"
    "|insuffisance renale chronique|insuffisance renale terminale|irct|insuffisance renale aigue"
    "|nierentransplantation|trasplante renal|transplante renal|greffe renale|trapianto renale"
    "|tx rein|insufficienza renale cronica|kdigo g2|kdigo g3|kdigo g3a|kdigo g3b|kdigo g4|kdigo g5"
    "|kdigo|nefropatia|nephropathie|terminale niereninsuffizienz|cni"
).split("|")
LIVER: Final = (
    "cirrose|cirrose hepatica|cirrosis hepatica|cirrhose hepatique|cirrosi epatica|child a|child b"
    "|child c|child-pugh a|child-pugh b|child-pugh c|leberinsuffizienz|fettleber|steatosis hepatis"
    "|esteatosis hepatica|esteatosis|esteatose|steatose|steatosi|hepatopatia|epatopatia"
    "|transaminitis|esophageal varices|insuficiencia hepatica|insuffisance hepatique"
).split("|")
NERVES: Final = (
    "polineuropatia|polineuropatia periferica|neuropatia perif|polineuropathie|pnp sensibel"
).split("|")
