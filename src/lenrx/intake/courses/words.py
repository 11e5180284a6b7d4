"""Words of registries for what a course holds besides its drugs: responses, reasons, intents.

Keys are letters and digits without accents, as `letters` leaves them of a word.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lenrx.catalogue.names import key
from lenrx.intake.cells.base import AUTO, bare


@lru_cache(maxsize=4_000)
def letters(text: str) -> str:
    """A word as the tables hold it."""
    return key(bare(text))


def _words(**groups: str) -> dict[str, str]:
    return {each: name for name, words in groups.items() for each in words.split()}


RESPONSES: Final = _words(
    sCR="scr stringentcr stringentcompleteresponse stringentcompleteremission",
    CR="cr completeresponse completeremission complete rc respuestacompleta komplettremission"
    " reponsecomplete molecularcr mcr icr crmrdnegative crmrdneg",
    VGPR="vgpr verygoodpartialresponse verygoodpartialremission ncr nearcr mbrp rcpp"
    " nearcompleteresponse sehrgutepartialremission tbrp",
    PR="pr partialresponse partialremission partial rp respuestaparcial partialremissions",
    MR="mr minimalresponse minorresponse minimal rm respuestaminima",
    SD="sd stabledisease stable nc nochange enfermedadestable ee"
    " stabileerkrankung maladiestable lessthanpr",
    PD="pd progressivedisease progression progressed progressing progressionofdisease"
    " diseaseprogression progress pe enfermedadprogresiva progredient relapse relapsed",
)
_PROGRESSION: Final = (
    "progression progressions pd pod progr prog progrdis progdis progressive progressivedisease"
    " progressedondisease diseaseprogression progressed progress progressing progressedontherapy"
    " progressiondisease progressionofdisease progressionofmyeloma progressionofmm mmprogression"
    " progressiveillness relapse relapsed relapsing recurrence refractory refractorydisease"
    " progressionrelapse relapseprogression diseaseprogressionrelapse progressivediseaserelapse"
    " biochemicalprogression clinicalprogression clinicalrelapse biochemicalrelapse"
    " serologicalprogression progressionontherapy progressionontreatment pdontherapy"
    " pdontreatment pdonrx earlyprogression earlyrelapse insufficientresponse"
    " lackofresponse noresponse treatmentfailure failure failed lackofefficacy inefficacy"
    " inefficacious noefficacy lossofresponse inadequateresponse"
    " nonresponse nonresponder primaryrefractory escape biochemicalescape"
    " progresion progresiondeenfermedad progresiondelaenfermedad recaida recidiva falloterapeutico"
    " refractariedad faltaderespuesta ineficacia"
    " rezidiv progress progredienz progrediente progredienteerkrankung krankheitsprogress"
    " krankheitsprogression tumorprogress therapieversagen nichtansprechen refraktar"
    " progressiondelamaladie rechute echec echectherapeutique evolution refractaire"
    " progressione progressionedimalattia progressionemalattia ricaduta recidiva inefficace"
    " progressao progressaodadoenca recidiva recaida"
)
_TOXICITY: Final = (
    "toxicity toxicities tox toxic adverseevent adverseevents adverseeffect adverseeffects"
    " adverseeventae ae aes teae"
    " sideeffect sideeffects intolerance intolerant intolerability unacceptabletoxicity"
    " treatmenttoxicity adversereaction adversereactions sae drugtoxicity toxicityintolerance"
    " intolerancetoxicity poortolerance poorlytolerated nottolerated drugintolerance"
    " neuropathy peripheralneuropathy pn neurotoxicity cytopenia cytopenias neutropenia"
    " thrombocytopenia rash allergy allergicreaction hypersensitivity infusionreaction"
    " cardiotoxicity haematologicaltoxicity hematologictoxicity hematologicaltoxicity"
    " toxicidad efectosadversos efectoadverso eventoadverso intolerancia malatolerancia"
    " toxizitat nebenwirkung nebenwirkungen unvertraglichkeit intoleranz unvertraglich uaw"
    " toxicite effetsecondaire effetssecondaires effetindesirable effetsindesirables"
    " evenementindesirable mauvaisetolerance"
    " tossicita effetticollaterali eventoavverso intolleranza"
    " toxicidade efeitosadversos"
)
_COMPLETED: Final = (
    "completed complete completion planned asplanned plannedcompletion perprotocol plannedstop"
    " plannedend plannedendoftreatment stoppedasplanned endedasplanned stopplanned perplan"
    " endoftreatment endofplannedtreatment treatmentcompleted treatmentcomplete"
    " completedtreatment finished"
    " completedplannedtherapy plannedtherapycompleted protocolcompleted fin completado"
    " completedregimen completedtherapy therapycompleted completedcourse completedasplanned"
    " regularend courseended endofcourse endofcycles allcyclesgiven allcyclescompleted"
    " completedallcycles endofinduction inductioncompleted"
    " transplant asct proceededtotransplant proceedtotransplant proceededtoasct totransplant"
    " bridgetotransplant sct goingtoasct forasct preasct"
    " maximumresponse plateau remission completedcycles cyclescompleted fixedduration"
    " fixeddurationcompleted treatmentduration"
    " fintratamiento findetratamiento completo finalizado finalizacion trasplante"
    " abgeschlossen regular planmassig geplant geplantesende beendet therapieende"
    " regularesende planmassigbeendet abschluss"
    " termine terminee findetraitement fini finprevue finprogrammee arretprevu autogreffe"
    " completato terminato finetrattamento fineciclo trapianto concluido concluida"
)
_ONGOING: Final = (
    "ongoing continuing current ontreatment ontherapy active stillontreatment encurso"
    " laufend encours incorso emcurso continues continued"
)
_OTHER: Final = (
    "other patientchoice patientpreference patientdecision patientrequest patientwish"
    " patientswish patientswishes wishofpatient patientrefusal patientrefused refusal refused"
    " patientdeclined declined patientstopped logistics logistic"
    " physiciandecision physicianchoice doctordecision doctorschoice investigatordecision"
    " insurance cost costs access compliance noncompliance nonadherence supply drugsupply shortage"
    " administrative consentwithdrawn withdrawal withdrew withdrawn withdrawalofconsent"
    " withdrawconsent moved movedaway"
    " covid covid19 pregnancy comorbidity comorbidities othermedicalreason intercurrentillness"
    " infection secondmalignancy secondarymalignancy frailty personal holiday break"
    " treatmentbreak drugholiday noprogression withoutprogression nopd notprogression"
    " nottoprogression"
    " otro otra otros andere anderes anderergrund autre autres altro outro"
    " decisiondelpaciente preferenciadelpaciente deseodelpaciente rechazo rechazodelpaciente"
    " patientenwunsch wunschdespatienten aufpatientenwunsch therapiepause"
    " souhaitdupatient choixdupatient decisiondupatient refus refusdupatient"
    " sceltadelpaziente volontadelpaziente rifiuto"
)
_DIED: Final = (
    "death died dead deceased exitus muerte fallecimiento fallecido tod verstorben gestorben"
    " deces mort decede morte decesso deceduto obito losttofollowup ltfu lost"
    " losttofu lossoffollowup endoffollowup eof transferred transfer hospice palliative"
    " palliativecare bestsupportivecare"
)
"""Ends of a course that leave open whether the disease progressed."""
REASONS: Final = _words(
    unknown=_DIED,
    other=_OTHER,
    ongoing=_ONGOING,
    completed=_COMPLETED,
    toxicity=_TOXICITY,
    progression=_PROGRESSION,
)
INTENTS: Final = _words(
    induction="induction initial firstline frontline upfront induktion induccion primary"
    " induzione inducao",
    consolidation="consolidation konsolidierung consolidacion intensification consolidamento"
    " consolidacao",
    maintenance="maintenance maint erhaltung erhaltungstherapie mantenimiento entretien"
    " continuoustherapy mantenimento manutencao",
    conditioning="conditioning konditionierung acondicionamiento highdosetherapy hdt"
    " highdosechemotherapy myeloablative conditionnement condizionamento",
    transplant="transplant asct autosct sct transplantation autologoustransplant hsct"
    " stemcelltransplant autologoussct bonemarrowtransplant bmt",
    salvage="salvage reinduction relapsetherapy",
)
YES: Final = frozenset("true yes y 1 10 x checked si ja oui sim".split())
NO: Final = frozenset("false no n 0 00 unchecked nein non nao none never".split())
REFRACTORY: Final = YES | frozenset(
    "r ref refractory resistant refractario refraktar refractaire refrattario".split()
)
SENSITIVE: Final = NO | frozenset(
    "notrefractory nonrefractory sensitive notresistant norefractario nichtrefraktar"
    " nonrefractaire nonrefrattario".split()
)
UNNAMED_DRUGS: Final = frozenset(
    "unknown unk unknowndrug unknowndrugs unknownregimen unknowntreatment unknowntherapy"
    " unknownchemotherapy unknownchemo drugunknown drugsunknown regimenunknown treatmentunknown"
    " notknown unspecified notspecified nos notstated notnamed unnamed unnameddrug other others"
    " otherdrug otherdrugs otherregimen othertherapy othertreatment various several multiple"
    " details unclear illegible unreadable seeletter seenotes"
    " desconocido desconocida unbekannt inconnu inconnue sconosciuto sconosciuta desconhecido otro"
    " otros andere anderes autre autres altro altri outro".split()
)
"""Words where a drug should be named, which leave open which it was."""
_THEN: Final = re.compile(
    r"->|=>|(?<=[A-Za-z0-9)]) ?> ?(?=[A-Za-z(])|\u2192|\u21d2"
    r"|\b(?:then|followed by|gefolgt von|seguid[oa] de|suivi de|poi)\b"
    rf"|(?<!\w)(?:{AUTO})(?!\w)",
    re.IGNORECASE,
)


def is_sequence(text: str) -> bool:
    """Whether drugs stand before and behind an arrow or a transplant: not all were given last."""
    parts = [letters(each) for each in _THEN.split(text) if re.search(r"[^\W\d_]", each)]
    return len(parts) > 1 and parts[0] != parts[-1]
