"""Words for texts that no file brings: names, places, food, errands, and what short sentences are made of."""

from __future__ import annotations

__all__ = ["VOCABULARY"]


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split(","))


VOCABULARY: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "first": _split(
            "James,Mary,John,Linda,Robert,Susan,Michael,Karen,David,Nancy,William,Lisa,Richard,Betty,"
            "Joseph,Helen,Thomas,Sandra,Charles,Donna,Chris,Carol,Daniel,Ruth,Matthew,Sharon,Anthony,"
            "Michelle,Mark,Laura,Paul,Sarah,Steven,Kim,Andrew,Deborah,Kevin,Jessica,Brian,Shirley,"
            "George,Cynthia,Edward,Angela,Ronald,Emma,Timothy,Amy,Jason,Anna,Jeffrey,Rebecca,Ryan,"
            "Kate,Jacob,Olivia,Gary,Ava,Nick,Sophia,Eric,Zoe,Jonathan,Mia,Larry,Grace,Justin,Chloe,"
            "Scott,Lily,Brandon,Ella,Frank,Hannah,Ben,Quinn,Sam,Yvonne,Vic,Xavier"
        ),
        "last": _split(
            "Smith,Johnson,Williams,Brown,Jones,Garcia,Miller,Davis,Wilson,Anderson,Taylor,Moore,"
            "Jackson,Martin,Lee,Perez,Thompson,White,Harris,Clark,Lewis,Robinson,Walker,Young,Allen,"
            "King,Wright,Scott,Hill,Green,Adams,Baker,Hall,Campbell,Mitchell,Carter,Roberts,Phillips,"
            "Evans,Turner,Parker,Collins,Edwards,Stewart,Morris,Murphy,Cook,Rogers,Bailey,Cooper,"
            "Reed,Kelly,Howard,Ward,Cox,Richardson,Wood,Watson,Brooks,Bennett,Gray,O'Brien,McDonald,"
            "Fitzgerald,Hughes,Price,Myers,Long,Foster,Sanders,Ross,Powell,Sullivan,Jenkins,Perry,"
            "Quigley,Vaughn,Zimmerman,Kowalski,Nguyen,Patel,Schmidt,Knox,Yates,Underwood,Ingram,Xu"
        ),
        "title": _split("Mr.,Mrs.,Ms.,Dr.,Prof.,Mr,Mrs,Dr,Miss,Sir,Rev.,Capt."),
        "street": _split(
            "Main,Oak,Maple,Washington,Park,Elm,Lake,Hill,Pine,Cedar,View,Church,High,Mill,River,"
            "Spring,Ridge,Walnut,North,Center,Chestnut,Broad,Market,Highland,Prospect,Lincoln,"
            "Jackson,Franklin,Jefferson,Madison,Sunset,Queen,Victoria,King,Station,Green,London,"
            "Mulberry,Juniper,Quarry,Dogwood,Liberty,Union,Vine,Willow"
        ),
        "road": _split(
            "Street,St.,St,Avenue,Ave.,Ave,Road,Rd.,Rd,Lane,Ln,Drive,Dr.,Dr,Court,Ct,Blvd.,Blvd,Place,Way"
        ),
        "city": _split(
            "Springfield,Portland,Salem,Madison,Georgetown,Franklin,Arlington,Fairview,Clinton,"
            "Burlington,Denver,Chester,Dayton,Lexington,Milton,Oxford,Newport,Riverside,Cleveland,"
            "Boston,Chicago,Houston,Phoenix,Philadelphia,San Diego,Dallas,Austin,Seattle,Detroit,"
            "Memphis,Baltimore,Albuquerque,Tucson,Fresno,Kansas City,Omaha,Raleigh,Miami,Oakland,"
            "Tulsa,Tampa,New York,Brooklyn,Queens,Yonkers,Buffalo,Leeds"
        ),
        "state": _split(
            "AL,AK,AZ,AR,CA,CO,CT,DE,FL,GA,HI,ID,IL,IN,IA,KS,KY,LA,ME,MD,MA,MI,MN,MS,MO,MT,NE,NV,NH,"
            "NJ,NM,NY,NC,ND,OH,OK,OR,PA,RI,SC,SD,TN,TX,UT,VT,VA,WA,WV,WI,WY,DC"
        ),
        "country": _split(
            "USA,U.S.A.,England,Canada,Ireland,Scotland,Australia,New Zealand,Germany,Brazil,Japan,India"
        ),
        "month": _split(
            "January,February,March,April,May,June,July,August,September,October,November,December"
        ),
        "short": _split("Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Sept."),
        "day": _split("Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday,Mon,Tue,Wed,Thu,Fri,Sat,Sun"),
        "food": _split(
            "milk,bread,butter,eggs,flour,sugar,coffee,tea,apples,bananas,oranges,grapes,rice,pasta,"
            "cheese,yogurt,chicken,ground beef,bacon,ham,tuna,salmon,onions,garlic,potatoes,carrots,"
            "tomatoes,lettuce,cucumber,spinach,peppers,mushrooms,beans,corn,olive oil,vinegar,salt,"
            "pepper,honey,jam,peanut butter,cereal,oatmeal,crackers,chips,ice cream,juice,soda,"
            "paper towels,toilet paper,soap,shampoo,batteries,zucchini"
        ),
        "thing": _split(
            "the dentist,the car,mom,dad,the plumber,the bank,the report,the kids,the tickets,"
            "the library books,the garden,the insurance,the landlord,the keys,dinner,laundry,the dog,"
            "the cat,the trash,the bills,the meeting notes,the homework,the birthday cake,"
            "the printer,the window,the passport,Aunt Jo,the quiz"
        ),
        "verb": _split(
            "call,email,pick up,pay,fix,clean,buy,check,finish,return,book,cancel,ask about,send,"
            "print,order,wash,write to,remind,move,sell,look for,review,sign"
        ),
        "subject": _split(
            "I,You,We,They,My sister,The teacher,Our neighbor,The old man,Everybody,Nobody,"
            "The doctor,His boss,Her brother,The whole team,That woman,Somebody,The children,"
            "A friend of mine,The engine,The weather"
        ),
        "did": _split(
            "wanted to see,could not find,was looking at,never liked,had to explain,will remember,"
            "should have read,just finished,forgot about,would rather keep,talked about,"
            "is going to need,must not touch,has changed,really enjoyed,gave me,was afraid of,"
            "took care of,quickly fixed,kept asking for"
        ),
        "object": _split(
            "the next chapter,a new job,the yellow house,some fresh water,an old letter,"
            "the wrong answer,my lecture,the question on page five,five dozen boxes,the last train,"
            "a quiet evening,our holiday plans,the budget,the exam,that photo,the project,"
            "your advice,a jar of jam,the view from the bridge,enough time,the queue"
        ),
        "when": _split(
            "yesterday,last week,tomorrow,this morning,on Monday,at noon,in the summer,before lunch,"
            "after school,every day,for a while,since March,as usual,next year,in the end,too late,"
            "again,once more,by Friday"
        ),
        "heading": _split(
            "Notes,Chapter,Introduction,Homework,To do,Shopping list,Meeting,Agenda,Summary,Ideas,"
            "Questions,Recipe,Lecture,Exercise,Important,Conclusion,Results,Materials,Vocabulary,"
            "Week,Lesson,Budget,Contacts,Diary"
        ),
        "greeting": _split(
            "Dear,Hello,Hi,Good morning,Dearest,Sincerely,Best wishes,Yours truly,With love,"
            "Kind regards,Thank you"
        ),
    },
    "fr": {
        "first": _split(
            "Marie,Jean,Pierre,Michel,André,Philippe,René,Louis,Alain,Jacques,Bernard,Marcel,Daniel,"
            "Roger,Robert,Paul,Claude,Christian,Henri,Georges,Nicolas,François,Jeanne,Françoise,"
            "Monique,Catherine,Nathalie,Isabelle,Jacqueline,Anne,Sylvie,Martine,Madeleine,Nicole,"
            "Suzanne,Hélène,Christine,Léa,Chloé,Inès,Zoé,Hugo,Théo,Raphaël,Maël,Noé,Jérôme,Cécile,"
            "Agnès,Benoît,Gaëlle,Joël,Anaïs,Loïc,Véronique,Élodie,Émile,Jean-Paul"
        ),
        "last": _split(
            "Martin,Bernard,Dubois,Thomas,Robert,Richard,Petit,Durand,Leroy,Moreau,Simon,Laurent,"
            "Lefebvre,Michel,Garcia,David,Bertrand,Roux,Vincent,Fournier,Morel,Girard,André,Lefèvre,"
            "Mercier,Dupont,Lambert,Bonnet,François,Martinez,Legrand,Garnier,Faure,Rousseau,Blanc,"
            "Guérin,Muller,Henry,Roussel,Nicolas,Perrin,Morin,Mathieu,Clément,Gauthier,Dumont,Lopez,"
            "Fontaine,Chevalier,Robin,Tremblay,Gagnon,Côté,Bouchard,Roy"
        ),
        "title": _split("M.,Mme,Mlle,Dr,Me,Monsieur,Madame,Pr"),
        "street": _split(
            "de la République,Victor Hugo,de l'Église,du Moulin,des Écoles,de la Gare,Pasteur,"
            "Jean Jaurès,du Stade,de la Mairie,Gambetta,des Lilas,de Paris,du 8 Mai 1945,de Verdun,"
            "Voltaire,des Jardins,du Château,Saint-Jacques,de la Fontaine,des Rosiers,Molière,"
            "du Général de Gaulle,de la Liberté,Sainte-Catherine"
        ),
        "road": _split("rue,avenue,av.,boulevard,bd,place,chemin,impasse,allée,quai,route,Rue,Avenue"),
        "city": _split(
            "Paris,Lyon,Marseille,Toulouse,Nice,Nantes,Strasbourg,Montpellier,Bordeaux,Lille,Rennes,"
            "Reims,Le Havre,Saint-Étienne,Toulon,Grenoble,Dijon,Angers,Nîmes,Villeurbanne,Le Mans,"
            "Aix-en-Provence,Brest,Tours,Limoges,Amiens,Perpignan,Metz,Besançon,Orléans,Mulhouse,"
            "Rouen,Caen,Nancy,Argenteuil,Montréal,Québec,Genève,Liège"
        ),
        "state": _split("CEDEX,Cedex 9,(Québec),(69),Belgique"),
        "country": _split("France,Belgique,Suisse,Canada,Luxembourg,Algérie,Maroc,Sénégal,Espagne,Allemagne"),
        "month": _split(
            "janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre"
        ),
        "short": _split("janv.,févr.,mars,avr.,mai,juin,juil.,août,sept.,oct.,nov.,déc."),
        "day": _split("lundi,mardi,mercredi,jeudi,vendredi,samedi,dimanche"),
        "food": _split(
            "lait,pain,beurre,œufs,farine,sucre,café,thé,pommes,bananes,oranges,raisin,riz,pâtes,"
            "fromage,yaourts,poulet,bœuf haché,jambon,thon,saumon,oignons,ail,pommes de terre,"
            "carottes,tomates,salade,concombre,épinards,poivrons,champignons,haricots verts,maïs,"
            "huile d'olive,vinaigre,sel,poivre,miel,confiture,crème"
        ),
        "thing": _split(
            "le dentiste,la voiture,maman,papa,le plombier,la banque,le rapport,les enfants,"
            "les billets,le chien,les livres,le jardin,l'assurance,le propriétaire,les clés,le dîner,"
            "le linge,le chat,la poubelle,les factures,le compte rendu,les devoirs,le gâteau,"
            "l'imprimante,la fenêtre,le passeport,la mairie"
        ),
        "verb": _split(
            "appeler,acheter,payer,réparer,nettoyer,vérifier,finir,rendre,réserver,annuler,demander,"
            "envoyer,imprimer,commander,laver,écrire à,ranger,vendre,chercher,relire,signer,préparer"
        ),
        "subject": _split(
            "Je,Il,Elle,On,Ma sœur,Le professeur,Notre voisin,Le vieil homme,Personne,Le médecin,"
            "Son frère,Toute l'équipe,Cette femme,Quelqu'un,La pluie,Un ami,L'hiver,Où"
        ),
        "did": _split(
            "voulait voir,n'a pas trouvé,regardait,n'aimait guère,devait expliquer,se rappelle,"
            "avait déjà lu,vient de finir,a oublié,préfère garder,parlait de,aura besoin de,"
            "ne doit pas toucher,a changé,a reçu"
        ),
        "object": _split(
            "le prochain chapitre,un nouvel emploi,la maison jaune,un peu d'eau fraîche,"
            "une vieille lettre,la leçon,la mauvaise réponse,cinq boîtes,le dernier train,"
            "une soirée tranquille,nos vacances,l'été à la campagne,l'examen,cette photo,le projet,"
            "ton avis,la forêt,le château,assez de temps,l'île,le goût du thé"
        ),
        "when": _split(
            "hier,la semaine dernière,demain,ce matin,lundi,à midi,en été,avant le déjeuner,"
            "après l'école,tous les jours,depuis mars,comme d'habitude,l'année prochaine,à la fin,"
            "trop tard,encore,bientôt,là-bas"
        ),
        "heading": _split(
            "Notes,Chapitre,Introduction,Devoirs,À faire,Courses,Réunion,Ordre du jour,Résumé,Idées,"
            "Questions,Recette,Cours,Exercice,Important,Conclusion,Résultats,Matériel,Vocabulaire,"
            "Semaine,Leçon,Budget"
        ),
        "greeting": _split(
            "Cher,Chère,Bonjour,Bonsoir,Salut,Amitiés,Bien à vous,Cordialement,Je t'embrasse,À bientôt,Merci"
        ),
    },
}
"""Language -> kind of word -> words."""
