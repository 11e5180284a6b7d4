"""Treatments that the catalogue does not hold, told from names of the catalogue gone wrong."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import key, nearest_names
from lenrx.intake.cells.base import bare


class Treatment(NamedTuple):
    """A treatment in the words of the chart, and whether it may have been a line of its own."""

    name: str
    line: bool
    unsure: bool = False
    """Whether it may be a drug that rules ask, or one of a class that they ask."""
    trial: bool = False
    """Whether it is a trial, without a word on what was given in it."""
    listed: bool = False
    """Whether it is of the names listed here, and not only made as such names are."""


_LINE: Final = (
    "|interferon|interferon alfa|interferon alpha|interferon maintenance|ifn|ifn alfa"
    "|peginterferon|intron a"
    "|oprozomib|marizomib|delanzomib|ricolinostat|vorinostat|zolinza|plitidepsin|aplidin"
    "|filanesib|dinaciclib|siltuximab|pembrolizumab|nivolumab|durvalumab|atezolizumab"
    "|cevostamab|forimtamig|alnuctamab"
    "|arlo-cel|arlocabtagene autoleucel|anbal-cel|eque-cel|equecabtagene autoleucel|fucaso"
    "|zevor-cel|zevorcabtagene autoleucel|orva-cel|cesnicabtagene|gc012f|azer-cel|mcarh109"
    "|bms-986393|sonrotoclax|lisaftoclax|ibrutinib|imbruvica|zanubrutinib"
    "|vemurafenib|dabrafenib|trametinib|cobimetinib|encorafenib|binimetinib|everolimus|temsirolimus"
    "|sorafenib|imatinib|arsenic trioxide|atra|tretinoin|rituximab|obinutuzumab|lonafarnib"
    "|perifosine|tanespimycin|enzastaurin|bevacizumab|lucatumumab|dacetuzumab|indatuximab"
    "|busulfan|thiotepa|treosulfan|chlorambucil|leukeran|ifosfamide|lomustine"
    "|vinblastine|vindesine|vinorelbine|idarubicin|epirubicin|mitoxantrone|daunorubicin|topotecan"
    "|gemcitabine|methotrexate|cladribine|clofarabine|carboplatin|oxaliplatin|procarbazine"
    "|dacarbazine"
    "|teniposide|bleomycin|hydroxyurea|azacitidine|decitabine|lenalidomide analogue|avadomide"
    "|modakafusp|felzartamab|mor202|hexabody-cd38|belrestotug|talimogene|tnb-383b|regn5459"
    "|donor lymphocytes|donor lymphocyte infusion|dli|vaccine"
    "|dendritic cell vaccine"
    "|immunotherapy".split("|")[1:]
)
_BESIDE: Final = (
    "|radiotherapy|radiation|radiation therapy|radiotherapie|radioterapia|strahlentherapie|radiatio"
    "|bestrahlung"
    "|rt|xrt|rtx|ebrt|local radiotherapy|palliative radiotherapy|irradiation|tbi"
    "|total body irradiation"
    "|radio|radiofrequency ablation|samarium|kyphoplasty|vertebroplasty|surgery|cirugia|operation"
    "|plasmapheresis"
    "|plasma exchange|plex|apheresis|stem cell collection|stem cell harvest|mobilisation"
    "|mobilization"
    "|plerixafor|mozobil|g-csf|gcsf|filgrastim|neupogen|pegfilgrastim|lenograstim|epo"
    "|erythropoietin"
    "|darbepoetin|epoetin|zoledronic acid|zoledronate|zometa|zoledronsaure|acido zoledronico"
    "|acide zoledronique|pamidronate|pamidronic acid|aredia|ibandronate|ibandronic acid"
    "|clodronate|denosumab|xgeva|prolia|bisphosphonate|bisphosphonates|bifosfonatos|bisphosphonat"
    "|ivig"
    "|immunoglobulin|immunoglobulins|aciclovir|acyclovir|valaciclovir|valacyclovir|cotrimoxazole"
    "|co-trimoxazole|bactrim|septrin|tmp-smx|levofloxacin|penicillin|penicillins|sulfa"
    "|sulfonamides|contrast|iodine contrast|latex|codeine|morphine|nsaids|aspirin|asa|apixaban"
    "|eliquis"
    "|rivaroxaban|xarelto|edoxaban|dabigatran|warfarin|enoxaparin|heparin|lmwh|allopurinol"
    "|rasburicase"
    "|clarithromycin|biaxin|doxycycline|tocilizumab|anakinra|pantoprazole|omeprazole"
    "|methylprednisolone|methylpred|medrol|solu-medrol|metilprednisolona|methylprednisolon"
    "|metilprednisolone|methylprednisolone pulse|hydrocortisone|hydrocortison|hidrocortisona"
    "|betamethasone"
    "|deflazacort|budesonide|triamcinolone|supportive care|best supportive care|bsc|palliative care"
    "|transfusion|transfusions|observation|watch and wait|wait and see|bridging|lymphodepletion"
    "|flu/cy|leucovorin|mesna|vitamin d|calcium|montelukast|paracetamol|diphenhydramine".split("|")[
        1:
    ]
)
_KNOWN: Final = {
    key(bare(name)): Treatment(name, line, listed=True)
    for names, line in ((_LINE, True), (_BESIDE, False))
    for name in names
}
_UNNAMED: Final = frozenset(
    "studie|studienmedikation|estudio|ensayo|essai|chemotherapy|chemo|chemotherapie|quimioterapia|"
    "quimio|chimiotherapie|chimio|chemioterapia|poly-chemotherapy|polychemotherapy|"
    "high dose chemotherapy|salvage chemotherapy|"
    "investigational agent|experimental|car-t trial|bispecific trial|estudio clinico"
    "|ensayo clinico|klinische studie|essai clinique|studio clinico|estudo clinico".split("|")
)
_ASKED: Final = re.compile(r"(?:tamig|tamab|leucel|-cel|domide|zomib|dotin)$")
"""Ends of names that drugs of the catalogue share: it may be of a class that rules ask."""
_TRIAL: Final = re.compile(
    r"(?:(?:in|on|within|enrolled in|part of) )?(?:an? )?(?:(?:clinical|blinded|open-label"
    r"|randomi[sz]ed|"
    r"phase (?:[1-4]|i{1,3}v?|1/2|i/ii)|ph ?[1-4]|investigational|experimental|unnamed"
    r"|first-in-human) )*"
    r"(?:trial|study)(?: (?:drug|agent|medication|treatment|therapy|participation))?"
    r"|(?:(?:trial|study) )?nct ?\d{8}"
    r"|(?:investigational|experimental|study) (?:drug|agent|product|compound|therapy|treatment)",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"[a-z]{1,6}-?\d{3,9}[a-z]?", re.IGNORECASE)
"""A development code."""
_STEM: Final = re.compile(
    r"[a-z]{2,}(?:[aeiou]mab|cillin|floxacin|zomib|[aeiou]nib|ciclib|sib|stat|clax|leucel|cel"
    r"|domide|platin|rubicin"
    r"|mycin|xel|trexate|bine|fosfamide|limus|kin|tide|parib|tinib|degib|degron|profen|azole"
    r"|mustine"
    r"|cycline|vir|prost|formin|sartan|pril|olol|statin|dronate|dronic acid|mostim|grastim|cept"
    r"|fusp"
    r"|tamig|dotin|tecan|tansine|xor|inostat|cept)(?:[- ][a-z]{4})?",
)
"""A name made as international names are."""
PROSE: Final = frozenset(
    "ok fine held planned plan planning next yet declined refused responded responding tolerated "
    "well start started starting intended considered considering maybe unless rather instead than "
    "anything least only "
    "stopped due because for until after before while but except other others see letter various"
    " multiple many several all above same idem ditto etc rest drug drugs agent agents the this "
    "that"
    " was were is are has have on off and or of to in by from with without no not none never nor if"
    " since last first next current currently previously failed line lines regimen response "
    "reference"
    " refractory double triple penta quad ref class exposed unknown some any few new more most "
    "as per"
    " que los las con por der die das mit und wegen nach vor le les avec pour il con per".split()
)
_NEAR: Final = 0.86
"""How alike a name of the catalogue may be; names made as international names are look alike."""


@lru_cache(4_000)
def treatment(text: str, catalogue: Catalogue) -> Treatment | None:
    """The treatment outside the catalogue that a text names, None where it may be one inside."""
    plain = bare(text).strip(" .:,")
    if known := _KNOWN.get(key(plain)):
        return known._replace(unsure=known.line and _may_be_asked(known.name))
    if plain in _UNNAMED or _TRIAL.fullmatch(plain):
        return Treatment(plain, True, unsure=True, trial=True)
    words = plain.split()
    if not 1 <= len(words) <= _MOST or not PROSE.isdisjoint(words):
        return None
    if not all(re.fullmatch(r"[a-z][a-z\d'/-]*[a-z\d]", word) for word in words):
        return None
    if _CODE.fullmatch(plain):
        return Treatment(plain, True, unsure=True)
    made = bool(_STEM.fullmatch(plain))
    near = (nearest_names(word, catalogue, _NEAR) for word in (*words, plain))
    if not made or any(near):
        return None
    return Treatment(plain, True, _may_be_asked(plain))


def _may_be_asked(name: str) -> bool:
    return bool(_ASKED.search(name) or _CODE.fullmatch(name))


_MOST: Final = 3
"""Words of one name."""
