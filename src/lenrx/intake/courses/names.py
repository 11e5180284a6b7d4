"""Names of the columns of courses: those of registries, OMOP, cBioPortal and REDCap.

A column of a drug or a regimen's name is one of drugs; words before a name that only say what the
table is of (`tx_start`, `drug_exposure_start_date`) are passed over.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from lenrx.catalogue.fields import DECLARED
from lenrx.intake.columns.names import folded
from lenrx.patient.courses import KEYS

_NAMES: Final = {
    "id": f"{DECLARED['id'].shown.columns}|id|person id|person source value|patient|participant id"
    "|participant|public id|case submitter id|deidentified patient id|patient identifier"
    "|subject identifier|subjid|pt id|patient key|bcr patient barcode|studienummer",
    "drugs": "drugs|drug|regimen|regimens|regimen name|drug name|drug names|agent|agents|medication"
    "|medications|medication name|treatment|treatments|treatment name|therapy|therapies"
    "|therapy name|drug concept name|drug source value|drug exposure source value|concept name"
    "|episode source value|source value|episode object concept name|object concept name"
    "|ingredient|ingredient name|ingredients|substance|substances|active substance"
    "|active substances|regimen drugs"
    "|regimen abbreviation|hemonc regimen|protocol|protocol name|scheme|chemotherapy"
    "|treatment regimen|systemic therapy|anti myeloma therapy|antimyeloma therapy|treatment given"
    "|benchmark group|analysis group|mapped regimen|extrt|exdose trt|cmtrt|cmdecod|therapy regimen"
    "|tratamiento|esquema|farmaco|farmacos|medicamento|therapie|schema|substanz|substanzen"
    "|wirkstoff|wirkstoffe|protokoll|medikament|traitement|molecule|molecules|terapia|farmaci"
    "|what drugs|drugs given|drugs in regimen|components|trtname|thername|line regimen",
    "start": "start|start date|begin|begin date|started|start dt|date start|date started"
    "|date of start|start datetime|startdate|startday|start day|from|from date|first dose"
    "|first dose date|date first dose|initiation date|date of initiation|start month|start year"
    "|days to treatment start|days to start|start date of regimen|start date of line"
    "|exstdtc|cmstdtc"
    "|exstdy|cmstdy|stdtc|line start date|admin date|administration date|date given|inicio"
    "|fecha inicio|fecha de inicio|beginn|startdatum|datum beginn|debut|date debut|date de debut"
    "|inizio|data inizio|data de inicio",
    "stop": "stop|stop date|end|end date|ended|end dt|stop dt|date stop|date stopped|date end"
    "|date of stop|end datetime|stopdate|enddate|stopday|endday|stop day|end day|to|to date"
    "|last dose|last dose date|date last dose|discontinuation date|date of discontinuation"
    "|stop month|stop year|end year|days to treatment end|days to end|days to stop|exendtc|cmendtc"
    "|exendy|cmendy|endtc|completion date|fin|fecha fin|fecha de fin|ende|enddatum|datum ende"
    "|date fin|date de fin|fine|data fine|data fim|termino",
    "response": "response|best response|best overall response|best response to line"
    "|response to treatment|imwg response|bor|best imwg response|bestresp"
    "|regimen response|treatment response|respuesta|mejor respuesta|ansprechen|bestes ansprechen"
    "|reponse|meilleure reponse|risposta",
    "progression": "progress|datum progress|progress datum|progredienz|pd datum|datum pd|fecha pd"
    "|fecha de pd|progression|progression date|date of progression|pd date|date of pd|progressed"
    "|progression day|progression flag|pd day|days to progression|relapse date|date of relapse"
    "|date progression|disease progression date|disease progression|pd|relapse|progressed yn"
    "|fecha progresion|fecha de progresion|progressionsdatum|date progression maladie",
    "stopped_for": "stopped for|reason|reason stopped|stop reason|reason for stopping"
    "|reason for stop|reason stop|reason for discontinuation|discontinuation reason|end reason"
    "|reason for end|reason ended|reason off treatment|reason for change|reason for switch"
    "|grund therapieende|grund abbruch"
    "|grund des absetzens|grund fur absetzen|grund des abbruchs|grund fur therapieende"
    "|grund fur abbruch|beendigungsgrund|absetzgrund"
    "|motivo suspension|causa de fin|motivo de fin|treatment end reason"
    "|reason treatment ended|reason for treatment end|reason discontinued"
    "|stopreason|why stopped|motivo|motivo fin|motivo de suspension|grund|abbruchgrund|endegrund"
    "|grund ende|motif|motif arret|motivo interruzione|termination reason",
    "refractory": "refractory|refractory to|refractory to line|refractory to regimen"
    "|refractory to treatment|refractory to therapy|refractory yn|is refractory|was refractory"
    "|refractory status|refractoriness|refractory flag|resistant|refractario|refractaria"
    "|refractario a|refraktar|refractaire|refractaire a|refrattario|refrattario a",
    "intent": "intent|phase|treatment phase|setting|purpose|therapy phase|course type"
    "|intent of treatment|treatment intent|regimen type|line type|stage of treatment|indication"
    "|treatment setting|part|phase of therapy|intencion|fase|therapieart|zweck",
    "line": "line|line of therapy|lot|line number|lot number|line no|therapy line|treatment line"
    "|linenumber|lotn|regimen line|line of treatment|line num|lot n|lines|linea|numero de linea"
    "|therapielinie|linie|ligne|linea di terapia|line n|which line",
    "planned": "planned|was planned|part of plan",
    "maintenance": "maintenance|is maintenance|maintenance therapy|maint",
    "transplant": "transplant|asct|sct|with transplant|transplant done|autologous transplant"
    "|stem cell transplant|bone marrow transplant|tph|trasplante|transplantation",
    "intolerant_of": "intolerant of|intolerant|intolerance|stopped for toxicity|toxic drug"
    "|drug stopped for toxicity",
    "dose": "dose|dosage|daily dose|dose mg|quantity|strength",
    "plan": "plan|parent|episode parent id|parent episode|parent episode id|parent id|plan id",
    "episode": "episode id|episode|event id",
    "kind": "event type|treatment type|type|modality|therapy type|treatment modality"
    "|redcap repeat instrument|kind|category|therapy class",
    "other": "other",
    "drugs_more": "other drug|other drugs|drug other|drugs other|other agent|other agents"
    "|other specify|regimen other|other regimen|other therapy|other medication|additional drugs",
}
_KNOWN: Final = {
    name: (field, rank)
    for field, names in _NAMES.items()
    for rank, name in enumerate(names.split("|"))
}
_PREFIXES: Final = frozenset(
    "tx rx trt treatment therapy course lot regimen drug exposure episode line mm sact med"
    " medication era systemic anticancer myeloma prior previous therapie treat chemo the of".split()
)


@lru_cache(maxsize=4_000)
def ranked(name: str) -> tuple[str, int] | None:
    """The field that a column's name means, and how far from its own name; None for no field."""
    own = name.strip().lower().replace("-", "_").replace(" ", "_")
    if own in KEYS or own in _NAMES:
        return own, -1
    words = folded(name).split()
    for left in range(len(words)):
        found = _KNOWN.get(" ".join(words[left:])) or _KNOWN.get("".join(words[left:]))
        if found:
            return found[0], found[1] + 100 * left
        if words[left] not in _PREFIXES:
            return None
    return None


def course_field(name: str) -> str | None:
    """The field of a course that a column's name means."""
    found = ranked(name)
    return found[0] if found else None
