"""The words of a free text on the end of a contract: what is denied, whose it is, what it says.

Patterns run over plain text (`ground_labels.plain`). Idioms that hold a negation are first written
as one word; then what a text denies is taken out ("pas de problème de logement" says nothing of
housing); what befalls another than the young person is rewritten ("décès du père" is a family
matter, "démission du tuteur" is no resignation of the apprentice).
"""

import re

from features.intake.formats.ground_labels import Ending, NotAnEnd

_YOUNG = r"(apprentie?|salariee?|jeune|alternante?|eleve|etudiante?|interessee?)\b"
_EMPLOYER = r"(employeur|entreprise|patron(ne)?|societe|maitre d apprentissage)\b"
_OF = r"(de la |de l |de son |de sa |de ses |de mon |de ma |de leur |d une? |des |du |de |d )"
_TEAM = (
    r"(tuteurs?|tutrice|maitre d apprentissage|maitre|formateur|formatrice|responsable|gerante?"
    r"|patron(ne)?|chef d entreprise|chef|dirigeante?|directeur|directrice|employeur|artisan"
    r"|collegues?|equipe)\b"
)
_KIN = (
    r"(pere|mere|parents?|grand (pere|mere)|grands parents|frere|soeur|conjointe?|mari|femme"
    r"|compagnon|compagne|proche|famille|enfants?|fils|fille|bebe|oncle|tante|cousine?|amie?"
    r"|membre de (sa|la) famille)\b"
)
_SILENT = "sansnouvelles"
_WANTS_NO_MORE = r"( \w+)? ne (souhaite|veut|desire)( \w+)? (pas|plus)"

# Idioms and subjects, in order: what matches becomes words the patterns below know.
REWRITES = tuple(
    (re.compile(rf"\b(?:{pattern})"), f" {words} ")
    for pattern, words in (
        (r"(non|sans|pas( eu)? d|absence d) ?obtention", "nonobtention"),
        (r"sans (lien|rapport)|hors sujet", "sanslien"),
        (r"non (paiement|paye\w*|verse\w*)|pas (paye|verse)\w*|impaye\w*", "nonpaye"),
        (r"non (renouvel\w+|reconduction)", "nonrenouvellement"),
        (r"non[ -]?respect", "manquement"),
        (r"(absences?|retards?) (non |in)justifi\w+", "absence"),
        (r"(n a |ne s est )?(jamais|pas) (ete )?(commenc|demarr|present|debut)\w*", "jamaisvenu"),
        (r"jamais venue?|non (demarrage|presentation)", "jamaisvenu"),
        (r"(sans|plus( de)?|pas de|aucune) nouvelles?|ne (vient|se presente) plus", _SILENT),
        (r"(pas|n est pas) d accord", "desaccord"),
        (r"ne (lui )?(plait|convient|correspond) (pas|plus)", "neconvientpas"),
        (r"(pas|non|plus) (motive|interesse)\w*|(pas|non) adapte\w*", "neconvientpas"),
        (r"pas assez (de travail|d activite)|manque (de travail|d activite)", "baisse activite"),
        (rf"{_YOUNG}{_WANTS_NO_MORE}", "rupturejeune"),
        (rf"{_EMPLOYER}{_WANTS_NO_MORE}", "ruptureemployeur"),
        (
            (r"(deces|mort|disparition|maladie|accident|hospitalisation|sante|handicap|garde"
            rf"|separation|divorce|mutation|demenagement) {_OF}{_KIN}"),
            "affaire de famille",
        ),
        (rf"(deces|mort) {_OF}(tuteurs?|tutrice|collegues?|equipe|responsable)\b", "encadrement"),
        (
            (r"(demissions?|depart( (a|en)( la)? retraite)?|licenciement|absences?|retraite|abandon"
            r"|(arret )?maladie|inaptitude|changement|manque|indisponibilite"
            rf"|conge maternite|accident) {_OF}{_TEAM}"),
            "encadrement",
        ),
        (r"(manque|absence|defaut) (de |d )(encadrement|suivi|accompagnement)", "encadrement"),
        (
            (r"(fautes?( grave| lourde)?|manquements?|harcelement|violences?|agressions?) "
            rf"({_OF}|par (l |le |la |son |sa ))({_TEAM}|{_EMPLOYER})"),
            "mise en cause",
        ),
        (r"absence (de |d )(permis|transport|vehicule|moyen de transport)", "transport"),
        (r"absence (de |d )(logement|hebergement)", "logement"),
    )
)  # fmt: skip

_ABOUT = (
    r"(de|d|du|des|la|le|les|l|une?|par|pour|lie\w*|due?s?|en|a|au|aux|avec|cause|raison|motif"
    r"|problemes?|soucis?|difficultes?|question|son|sa|ses|sujet|aucune?)"
)
DENIED = re.compile(rf"\b(pas|aucune?|sans|ni|non|hors) ({_ABOUT} )*\w+( (de|d|du|des) \w+)?")

_RUPTURE = r"(rupture|resiliation|demission|licenciement|demande|declaration|saisie)"
# Read on the rewritten text before denials are taken out: they are what is denied here.
CANCELLED = (
    rf"{_RUPTURE}( \w+){{0,4}} (annul|retract|sans suite|sans objet)\w*"
    rf"|(annul|retract)\w*( \w+){{0,4}} {_RUPTURE}"
    r"|erreur (de (saisie|date|declaration)|administrative|informatique)|par erreur|a tort"
    r"|saisie? erron\w+|date erron\w+"
    r"|(pas|aucune|absence de|sans|n est pas)( \w+){0,2} rupture( \w+)?$|non rompu|pas rompu"
    r"|contrat( \w+){0,2} (maintenu|se poursuit|continue|toujours en cours)"
    r"|(poursuite|maintien|reprise) (du|de son|dans le|de ce) contrat(?!.* cdi)|retractation"
)

# What an end is called when it is more than a bare "rupture": it outweighs an amendment beside it.
EXPLICIT = (
    r"demission|licenci|accord|amiable|faute|inapt|essai|abandon|deces|liquidation|faillite"
    r"|rupturejeune|ruptureemployeur|conventionnelle|exclu|force majeure|prise d acte|redressement"
    r"|avenant (de|pour) (la )?(rupture|resiliation|fin)|refus|autre (employeur|entreprise)"
)
NOT_ENDS = (
    (NotAnEnd.AMENDMENT, r"avenant|prolongation|prorogation|modification (du|de) contrat"),
    (
        NotAnEnd.TRANSFER,
        (
            r"transfert|transfere\w*|l ?1224|changement (de |du |d )?(n |no |numero (de )?)?siret"
            r"|changement de (raison sociale|denomination|(statut|forme|situation) juridique"
            r"|gerance|gerant|proprietaire|cfa|centre|ecole|lieu)"
            r"|changement (d |de l )?etablissement"
            r"|modification (de la )?situation juridique|fusion|absorption|scission|rachat"
            r"|cession (de |du |d |des )|(reprise|repreneur) (de |du |d )(l |la )?(entreprise|fonds"
            r"|etablissement|societe|activite)|(nouveau|changement de) siren"
            r"|mutation (dans|vers|sur|a) (un |l )?autre (site|etablissement|magasin)"
        ),
    ),
    (
        NotAnEnd.SUSPENSION,
        (
            r"suspension|suspendu\w*|interruption temporaire|mise en pause"
            r"|^(en )?(conge|arret) (de |pour )?(maternite|paternite|parental|adoption|maladie"
            r"|travail)( longue duree)?$"
        ),
    ),
)

_DIPLOMA = r"(diplome|titre|cap|bac|bts|bp|examens?|certif\w*|licence|master|bep|but|dut)\b"
_AT_TERM = Ending("completed", None, "031")
# In order: the first that matches is taken, so the precise comes before the general.
ENDINGS = (
    (r"nonobtention|echec", Ending()),
    (
        (rf"obtention( \w+){{0,3}} {_DIPLOMA}|{_DIPLOMA}( \w+){{0,2}} obtenu|^obtention$|reussite"
        rf"|obtenu( \w+){{0,3}} {_DIPLOMA}|diplomee?$"),
        Ending("early_success", "young_person"),
    ),
    (r"jamaisvenu|annulation|annule", Ending("not_started")),
    (
        (r"(poursui|transform|conver|passage|titularis)\w*( \w+){0,2} en cdi"
        r"|(cdi|embauche|recrute)\w*( \w+){0,3} (dans|par|chez|avec) (l |la |le |son |sa |notre )?"
        r"(meme )?(entreprise|employeur|societe|structure)(?! (concurrente|differente))"),
        Ending("converted"),
    ),
    (
        (r"^fin (normale )?(du |de |de son |d )?(contrat|cdd|apprentissage|formation|cycle)$"
        r"|nonrenouvellement"),
        _AT_TERM,
    ),
    (r"^(contrat )?(arrive |termine )?(a )?(son )?(terme|echeance)$", _AT_TERM),
    (rf"essai.*{_EMPLOYER}|{_EMPLOYER}.*essai", Ending("rupture", "employer", "034")),
    (rf"essai.*{_YOUNG}|{_YOUNG}.*essai", Ending("rupture", "young_person", "035")),
    (r"commun accord|accord (mutuel|commun|des|de|entre)", Ending("rupture", "mutual", "084")),
    (r"amiable|(deux|2) parties", Ending("rupture", "mutual", "084")),
    (r"(rupture )?conventionnelle", Ending("rupture", "mutual", "043")),
    (r"liquidation|redressement|faillite", Ending("rupture", "external", "011")),
    (r"judiciaire|prud ?hom", Ending("rupture", None, "082")),
    (r"fermeture|cessation d activite", Ending("rupture", "external", "012")),
    (r"(licencie\w* )?(motif )?economique", Ending("rupture", "employer", "014")),
    (r"faute lourde", Ending("rupture", "employer", "096")),
    (r"faute grave", Ending("rupture", "employer", "095")),
    (r"inapt", Ending("rupture", "external", "033")),
    (r"force majeure", Ending("rupture", "external", "083")),
    (
        r"(deces|mort) (de l |du |de la )(employeur|maitre|patron|gerant|chef|dirigeant|artisan)",
        Ending("rupture", "external", "065"),
    ),
    (r"deces|mort de l apprenti", Ending("rupture", "external", "066")),
    (r"encadrement", Ending("rupture", "external")),
    (r"mise en cause", Ending("rupture", "young_person")),
    (r"licenci", Ending("rupture", "employer", "020")),
    (r"exclusion|exclu|renvoi|conseil de discipline", Ending("rupture", "external")),
    (r"prise d acte", Ending("rupture", "young_person", "058")),
    (r"demission|abandon|rupturejeune|sansnouvelles", Ending("rupture", "young_person", "037")),
    (r"ruptureemployeur", Ending("rupture", "employer", "036")),
    (rf"((par|de) l|par le|du) {_YOUNG}", Ending("rupture", "young_person", "037")),
    (
        rf"(par|de) (l |la |le )?{_EMPLOYER}|initiative {_EMPLOYER}",
        Ending("rupture", "employer", "036"),
    ),
    (r"essai|resiliation|rupture", Ending()),
)  # fmt: skip

CAUSES = {
    "tutor_conflict": r"tuteur|maitre d apprentissage|mesentente|desaccord|conflit|relation|harcel"
    r"|violence|mise en cause",
    "working_conditions": r"conditions? de travail|horaire|penib|heures supplementaires",
    "task_content": r"missions? (confiee|inadapt|hors)|taches|sanslien|inadequation",
    "pay": r"salaires?\b|remuneration|nonpaye",
    "orientation": r"reorientation|erreur d orientation|neconvientpas"
    r"|changement de (metier|voie|projet|orientation|formation|diplome)",
    "training_centre": r"defaillance (du cfa|de l organisme)|fermeture du cfa",
    "training": r"niveau (scolaire|insuffisant)|difficultes? scolaires?|echec|nonobtention",
    "skills": r"insuffisance|incompeten|manque de competence",
    "attendance": r"absen(ce|t)|retard|assiduite|sansnouvelles",
    "mobility": r"transport|mobilite|trajet|eloignement|trop loin|deplacement|permis",
    "housing": r"logement|heberg|demenag",
    "health": r"sante|maladie|inapt|medecin|medical|accident",
    "money": r"financier|financiere|argent|dettes?\b",
    "family": r"famil|enfant|parents?\b",
    "other_job": r"autre (emploi|employeur|contrat|poste|entreprise)|embauche|cdi\b"
    r"|nouvel (emploi|employeur)",
    "employer_difficulty": r"economique|liquidation|redressement|faillite|baisse d? ?activite"
    r"|fermeture (de l |d )(entreprise|etablissement)|cessation d activite|encadrement",
    "other": r"(raisons?|motifs?|problemes?) personnel|convenance|^autres?( motif| raison)?$",
}
