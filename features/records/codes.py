"""Closed code lists with French labels; those of the official forms are in `form_codes`."""

from features.records.code_list import CodeList


def _list(name: str, source: str, **labels: str) -> CodeList:
    return CodeList(name, labels, source)


KIND = _list(
    "contract kind",
    "Code du travail, L6325-1 and L6221-1",
    professionalisation="contrat de professionnalisation",
    apprenticeship="contrat d'apprentissage",
).also(
    professionalisation=(
        "professionnalisation",
        "contrat de professionnalisation",
        "contrat pro",
        "CP",
    ),
    apprenticeship=("apprentissage", "contrat d'apprentissage", "CA", "apprenti"),
)
FORM = _list(
    "contract form",
    "Code du travail, L6325-5 and L6222-7",
    fixed_term="CDD",
    permanent="CDI",
).also(
    fixed_term=("durée déterminée", "contrat à durée déterminée", "contrat à durée limitée"),
    permanent=("durée indéterminée", "contrat à durée indéterminée"),
)
ARM = _list(
    "programme arm",
    "AGIR, FEJ AP1 no. 140",
    supported="accompagné",
    comparison="groupe de comparaison",
    none="hors programme",
).also(
    supported=("accompagnée", "avec accompagnement"),
    comparison=("comparaison", "témoin", "groupe témoin"),
)
RHYTHM = _list(
    "training rhythm",
    "Vigie",
    days_each_week="quelques jours chaque semaine",
    one_week_in_two="une semaine sur deux",
    one_week_in_three="une semaine sur trois",
    one_week_in_four="une semaine sur quatre",
    blocks="par blocs de plusieurs semaines",
    other="autre rythme",
).also(
    one_week_in_two=("1 semaine sur 2",),
    one_week_in_three=("1 semaine sur 3",),
    one_week_in_four=("1 semaine sur 4",),
)
COMMUTE_MODE = _list(
    "commute mode",
    "Vigie",
    car="voiture",
    two_wheels="deux-roues motorisé",
    bicycle="vélo",
    public_transport="transports en commun",
    walk="à pied",
    lift="conduit par un proche",
).also(
    two_wheels=("scooter", "moto", "deux roues", "2 roues"),
    public_transport=("bus", "train", "tram", "métro", "transport en commun"),
    walk=("marche", "marche à pied"),
)
HOUSING = _list(
    "housing",
    "Vigie",
    parents="chez ses parents",
    own="logement personnel",
    residence="résidence jeunes ou internat",
    shared="colocation",
    hosted="hébergé par un tiers",
    unstable="sans solution stable",
).also(
    parents=("parents", "chez les parents"),
    own=("personnel", "logement autonome"),
    residence=("internat", "résidence jeunes"),
)
SEX = _list("sex", "CERFA 12434 and 10103", M="homme", F="femme").also(
    M=("H", "1", "masculin", "garçon", "M.", "Mr", "monsieur"),
    F=("2", "féminin", "fille", "Mme", "Mlle", "madame"),
)

PHASE = _list("interview phase", "AGIR", before="avant", during="pendant", after="après")
CHANNEL = (
    _list(
        "interview channel",
        "Vigie",
        in_person="en personne",
        phone="par téléphone",
        video="en visioconférence",
        message="par messages",
    )
    .also(
        M=("H", "1", "masculin", "garçon", "M.", "Mr", "monsieur"),
        F=("2", "féminin", "fille", "Mme", "Mlle", "madame"),
    )
    .also(
        before=("avant le contrat",),
        during=("pendant le contrat", "en cours de contrat"),
        after=("après le contrat",),
    )
    .also(
        in_person=("présentiel", "en présentiel", "sur place"),
        phone=("téléphone", "tél", "appel"),
        video=("visio", "visioconférence", "en visio"),
        message=("message", "messages", "SMS", "courriel", "mail", "e-mail"),
    )
)
INTERVIEW_STATUS = _list(
    "interview status",
    "Vigie",
    held="tenu",
    missed="manqué",
    cancelled="annulé",
    moved="reporté",
).also(
    held=("tenue", "réalisé", "effectué", "fait"),
    missed=("manquée", "absent", "non venu"),
    cancelled=("annulée",),
    moved=("reportée", "déplacé"),
)
NEED_STATE = _list("need state", "Vigie", open="à traiter", met="résolu")
DECLARED_RISK = (
    _list(
        "declared rupture risk",
        "national dashboard, risque_rupture",
        yes="oui",
        no="non",
        not_asked="non demandé",
    )
    .also(
        open=("ouvert", "à faire"),
        met=("résolue", "satisfait", "réglé"),
    )
    .also(
        yes=("o",),
        no=("n",),
        not_asked=("pas demandé",),
    )
)
THEME = _list(
    "accompaniment theme",
    "AGIR, FEJ AP1 no. 140",
    information="information",
    guidance="orientation",
    pedagogical_support="soutien pédagogique",
    psychosocial_support="soutien psycho-social",
    career_project="projet professionnel",
    securing_the_path="sécurisation du parcours",
    staying_in_employment="stabilisation dans l'emploi",
)
# The dashboard's ACC_CONJOINT_MOTIF_ENUM; the suffix of our need_* columns -> its code.
NEED = {
    "mobility": "MOBILITE",
    "housing": "LOGEMENT",
    "health_access": "SANTE",
    "money": "FINANCE",
    "administrative": "ADMINISTRATIF",
    "family": "SOCIAL_FAMILIAL",
    "reorientation": "REORIENTATION",
    "job_search": "RECHERCHE_EMPLOI",
    "other": "AUTRE",
}
EVENT_KIND = _list(
    "event kind",
    "Vigie",
    absence_work="absence en entreprise (heures)",
    absence_class="absence en formation (heures)",
    lateness_work="retard en entreprise (heures)",
    lateness_class="retard en formation (heures)",
    warning="avertissement disciplinaire",
    sick_leave="arrêt de travail (jours)",
    tutor_change="changement de tuteur",
    complaint="réclamation",
    mediator="médiateur saisi",
    amendment="avenant",
    assessment="évaluation (note sur 20)",
    assessment_missed="évaluation non rendue",
    missed_call="appel sans réponse",
    support_action="action d'accompagnement",
    left_training="sortie de la formation (exclusion, abandon)",
)
END = _list(
    "end of contract",
    "Vigie, after domain 1.1 to 1.3",
    completed="mené à son terme",
    rupture="rompu avant le terme",
    early_success="diplôme obtenu avant le terme",
    converted="poursuivi en CDI",
    not_started="jamais commencé",
).also(
    completed=("terminé", "arrivé à son terme", "arrivé à terme", "fin de contrat"),
    rupture=("rupture", "rompu", "rupture anticipée"),
    converted=("CDI", "embauche en CDI"),
    not_started=("non commencé", "non démarré"),
)
INITIATOR = _list(
    "initiator",
    "Vigie, after DECA and DSN",
    young_person="jeune",
    employer="employeur",
    mutual="commun accord",
    external="cause extérieure",
).also(
    young_person=("apprenti", "apprentie", "alternant", "salarié", "jeune"),
    employer=("entreprise",),
    mutual=("accord mutuel", "les deux parties"),
)
CAUSE = _list(
    "underlying cause",
    "after Céreq, Dares (Oripa) and NEPS vocabularies",
    tutor_conflict="désaccord avec le tuteur ou l'employeur",
    working_conditions="conditions de travail",
    task_content="missions sans lien avec la formation",
    pay="rémunération",
    orientation="métier qui ne convient pas",
    training="difficulté avec la formation",
    training_centre="défaillance de l'organisme de formation",
    skills="difficulté à tenir le poste",
    attendance="absences ou retards",
    mobility="déplacements",
    housing="logement",
    health="santé",
    money="difficultés financières",
    family="situation familiale",
    other_job="autre emploi",
    employer_difficulty="difficultés de l'entreprise",
    other="autre cause",
)
