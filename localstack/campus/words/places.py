"""Made-up universities; none of them exists."""

NAMED = (
    ("AldermoorX", "Aldermoor University"),
    ("LumenU", "Lumen University"),
    ("NorthmereX", "Northmere Institute of Technology"),
    ("ValdoroX", "Universidad de Valdoro"),
    ("CalderTech", "Calder Institute of Technology"),
    ("HoylandX", "Høyland Universitet"),
    ("ClairbrookX", "École Supérieure de Clairbrook"),
    ("SternthalX", "Universität Sternthal"),
    ("QinghaiwanX", "青海湾大学 Qinghaiwan University"),
    ("BrindleBay", "Brindle Bay College of the Sea"),
    ("OstraX", "Ostra School of Economics"),
    ("KestrelU", "Kestrel University"),
    ("TamarindX", "Tamarind National University"),
    ("PinecrestOpen", "Pinecrest Open University"),
    ("SaoLivroX", "Universidade São Livro"),
    ("MeridianArts", "Meridian Conservatory of Arts"),
    ("GreywaterX", "Greywater Polytechnic"),
    ("IroncladX", "Ironclad School of Engineering"),
    ("SableU", "Sable University"),
    ("WrenhamX", "Wrenham College"),
)
PYRITE = (
    ("PyXU", "Pyrite University"),
    ("PyTechX", "Pyrite Institute of Technology"),
    ("FoolsGoldX", "Fool’s Gold College"),
)

HEADS = (
    "Ash",
    "Birch",
    "Cold",
    "Dun",
    "Elm",
    "Fair",
    "Glen",
    "Haw",
    "Iver",
    "Juniper",
    "Kings",
    "Lark",
    "Mar",
    "Nether",
    "Oak",
    "Penn",
    "Quill",
    "Raven",
    "Stone",
    "Thorn",
)
TAILS = ("bury", "combe", "dale", "ford", "gate", "haven", "ridge", "stead", "ton", "vale", "wick", "worth")
SORTS = (
    ("X", "{} University"),
    ("Tech", "{} Institute of Technology"),
    ("U", "University of {}"),
    ("Med", "{} School of Medicine"),
    ("Col", "{} College"),
)

SPONSORS = (
    "The Halcyon Foundation",
    "Open Lantern Trust",
    "Bluewater Endowment",
    "Fondation Grand Large",
    "Meadowlark Fund",
    "Northern Lights Initiative",
)
