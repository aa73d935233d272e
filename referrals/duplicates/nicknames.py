"""Short forms of first names that are in use in Britain, one name and its forms a line.

Ours, because it is short and each form is the name's own: the published lists (carltonnorthern/nicknames, Apache 2.0, with
which it was compared) hold a thousand historical and American forms (Bill for Robert), and every one is a false alarm more.
"""

from functools import cache

_LINES = """
abigail abi abbie abby gail
adam ad
alan al
albert al bert bertie
alexander alex alec al sandy xander sasha lex
alexandra alex alexa lexi sandra sandy sasha
alfred alf alfie fred
alison ali
amanda mandy
amelia amy millie milly mel
andrew andy drew
angela angie ange
anne ann anna annie
anthony antony tony ant
antonia toni
arthur art artie
barbara barb babs barbie
benjamin ben benny benji
bernard bernie
beverley bev
bradley brad
caroline carol carrie caro
cassandra cass cassie sandra
catherine katherine kathryn catharine cathryn kate katie katy kath kathy cath cathy kat kitty kay
charles charlie chas chaz chuck
charlotte charlie lottie lotte char
christina christine tina chris chrissie kirsty
christopher chris kit topher
claire clare
clifford cliff
cynthia cindy
daniel dan danny
danielle dani
david dave davy dai
deborah debra deb debbie debs
dennis den denny
derek del
dominic dom nic
donald don donnie
dorothy dot dotty dolly dottie
douglas doug dougie
edward ed eddie ted teddy ned eddy
eleanor ellie nell nora elle ella
elizabeth elisabeth liz lizzie lizzy beth betty betsy bess eliza libby elsie lisa
emily em emmy millie
emma em
eric rick
eugene gene
evelyn eve evie
florence flo florrie flossie
frances fran frankie fanny
francis frank frankie
frederick fred freddie freddy
gabriel gabe
gabrielle gabi gaby
gareth gaz gary
geoffrey jeffrey geoff jeff
george georgie
georgina georgia georgie gina
gerald gerry jerry
gerard gerry ged
gillian gill jill gilly
graham gray
gregory greg
gwendoline gwen wendy
harold harry hal
harriet hattie harri
helen nell nellie ellen
henry harry hal hank
herbert bert herb
hilary hil
howard howie
hugh hughie huw
ian iain
isabella isabelle isabel isobel bella izzy izzie belle issy
jacob jake jakub
jacqueline jackie jacqui jacki
james jim jimmy jamie jem jay
jane janie
janet jan
janice jan
jasmine jas jazz
jeanette jean jeannie
jennifer jen jenny jennie jenna
jeremy jerry jez
jessica jess jessie
joan joanie
joanne joanna jo
john jack johnny jon jonny
jonathan jon jonny jonty jono
joseph joe joey jo
josephine jo josie
joshua josh
judith judy jude
julia julie jules
julian jules
justine tina
karen kaz
kenneth ken kenny
kevin kev
kimberley kim
laura lauren laurie
lawrence laurence larry laurie lol
leonard len lenny leo
leslie les
lesley les
lillian lily lil
linda lynda lyn lin
louis lewis lou
louise lou lulu
lucy lu
lydia lyd
lynn lynne lin
madeleine maddie mads maddy
malcolm mal malc
marcus mark marc
margaret maggie meg peggy peg madge marge margie rita greta daisy mags
maria mary mia ria
marilyn lyn
martin marty
martha marty
mary molly polly may mae marie
matthew matt matty mat
matilda tilly tillie mattie
maureen mo
maurice mo
maxwell max
maximilian max
megan meg
melanie mel
melissa mel lissa
michael mick mike mickey mikey micky
michelle shell chelle mich
mildred millie
mohammed muhammad mohammad muhammed mohamed mo
miriam mim
nancy nan
natalie nat tasha
natasha tasha tash nat
nathan nat nate
nathaniel nat nate nathan
nicholas nicolas nick nicky nic nico
nicola nicky nikki nic nicki
nigel nige
norman norm
oliver ollie olly ol
olivia liv livvy ollie libby
oscar ossie
pamela pam
patricia pat patsy tricia trish patty trisha
patrick pat paddy pad
paul pauly
pauline paula
penelope penny pen
peter pete
philip phillip phil pip
philippa pippa pip
phyllis phyl
priscilla cilla
rachel rach rae
raymond ray
rebecca becky becca becks bex
reginald reg reggie
richard dick rick ricky rich richie dickie ritchie
robert bob bobby rob robbie bert bobbie robin
roberta bobbie
roderick rod roddy
rodney rod
roger rodge
ronald ron ronnie
rosalind roz ros
rosemary rose rosie
roseanne rose rosie
rupert rupe
russell russ
samantha sam sammy
samuel sam sammy
sarah sara sally sadie
sandra sandy
sebastian seb baz
sharon shaz sharon
sidney sydney sid
simon si
sophia sophie sofia soph
stanley stan
stephanie steph stevie
stephen steven steve stevie ste
stewart stuart stu stew
susan sue susie suzie suzy susannah suzanne
sylvia syl
terence terry tel
teresa theresa terry tess tessa
thomas tom tommy
theodore theo ted teddy
timothy tim timmy
tobias toby
tracey tracy trace
valerie val
vanessa nessa ness
veronica ronnie vera
victor vic
victoria vicky vicki tori vikki
vincent vince vinny
violet vi
virginia ginny
vivienne vivian viv
walter wally walt
wendy wend
wilfred wilf
william bill billy will willie liam wills
winifred win winnie freda
yvonne von
zachary zac zach zak
"""


@cache
def _full_names() -> dict[str, frozenset[str]]:
    """By form the names that it may stand for; a name stands for itself."""
    found: dict[str, set[str]] = {}
    for line in _LINES.split("\n"):
        for form in (forms := line.split()):
            found.setdefault(form, set()).add(forms[0])
    return {form: frozenset(names) for form, names in found.items()}


def are_forms_of_one(one: str, other: str) -> bool:
    """Both are plain first names, and stand for the same name: Bob and Robbie, Kate and Catherine."""
    names = _full_names()
    return not names.get(one, frozenset()).isdisjoint(names.get(other, frozenset()))
