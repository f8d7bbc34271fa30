"""Claims turned into their opposite by hand, by many means; and the same claim put in other words.

The rules have been mended by all of these, so none measures how they fare on claims that they have not seen.
"""

OPPOSED = [
    ("Remote teams ship faster than teams in one office.", "Remote teams ship slower than teams in one office."),
    ("Microservices make a small company faster.", "Microservices slow a small company down."),
    ("Nuclear power is the cheapest way to cut carbon.", "Nuclear power is the most expensive way to cut carbon."),
    ("Raising the minimum wage destroys jobs.", "Raising the minimum wage does not destroy jobs."),
    ("Index funds beat most professional managers.", "Most professional managers beat index funds."),
    ("Static typing prevents most production bugs.", "Static typing prevents hardly any production bugs."),
    ("Pair programming doubles the quality of code.", "Pair programming halves the quality of code."),
    ("Sugar taxes reduce obesity.", "Sugar taxes have no effect on obesity."),
    ("Homework helps children learn.", "Homework keeps children from learning."),
    ("Electric cars pollute less over their life.", "Electric cars pollute more over their life."),
    ("The central bank should raise interest rates now.", "The central bank should cut interest rates now."),
    ("Open offices encourage people to talk.", "Open offices discourage people from talking."),
    ("Bitcoin is a good store of value.", "Bitcoin is a poor store of value."),
    ("Zoos protect endangered species.", "Zoos endanger the species they hold."),
    ("Immigration raises the wages of locals.", "Immigration lowers the wages of locals."),
    ("Rent control keeps cities affordable.", "Rent control makes cities unaffordable."),
    ("Vaccines are safe for pregnant women.", "Vaccines are dangerous for pregnant women."),
    ("Standardized tests are fair to poor students.", "Standardized tests are unfair to poor students."),
    ("Meetings are the best use of a manager's time.", "Meetings are the worst use of a manager's time."),
    ("Language models understand what they write.", "Language models do not understand what they write."),
    ("Rewriting the system from scratch saved the company.", "Rewriting the system from scratch ruined the company."),
    ("Coffee improves sleep.", "Coffee worsens sleep."),
    ("Early specialisation makes great athletes.", "Late specialisation makes great athletes."),
    ("Small classes raise test scores.", "Class size makes no difference to test scores."),
    ("Deep work needs silence.", "Deep work needs no silence."),
    ("Startups should raise venture capital early.", "Startups should avoid venture capital."),
    ("Daily standups waste everybody's time.", "Daily standups save everybody time."),
    ("Monorepos scale to thousands of engineers.", "Monorepos break down with thousands of engineers."),
    ("Social media makes teenagers happier.", "Social media makes teenagers unhappier."),
    ("Tests written first lead to better design.", "Tests written first lead to worse design."),
    ("Ads funded the open web.", "Ads killed the open web."),
    ("Sales of the paper edition grew 40 percent last year.", "Sales of the paper edition grew 4 percent last year."),
]
SAME = [
    ("Remote teams ship faster than teams in one office.", "Teams that work remotely deliver faster than those in an office."),
    ("Index funds beat most professional managers.", "Most professional fund managers do worse than an index fund."),
    ("Sugar taxes reduce obesity.", "Taxing sugar lowers obesity."),
    ("Small classes raise test scores.", "Smaller classes lead to higher test scores."),
    ("Coffee in the evening harms sleep.", "Drinking coffee late in the day makes sleep worse."),
    ("Rent control makes cities unaffordable.", "Controlling rents drives up the cost of living in a city."),
]  # fmt: skip
SECOND = [
    ("Cold plunges speed up muscle recovery.", "Cold plunges hold back muscle recovery."),
    ("Carbon offsets are an honest way to fly.", "Carbon offsets are a fraud that lets people fly."),
    ("Free shipping makes small shops competitive.", "Free shipping bankrupts small shops."),
    ("Reading on paper helps memory.", "Reading on paper is of no help to memory."),
    ("Fusion power is twenty years away.", "Fusion power is five years away."),
    ("Tenants treat owned flats worse than rented ones.", "Tenants treat rented flats worse than owned ones."),
    ("The merger strengthened the newsroom.", "The merger gutted the newsroom."),
    ("Four-day weeks raise output.", "Four-day weeks lower output."),
    ("Grammar lessons improve writing.", "Grammar lessons do nothing for writing."),
    ("Robots will replace most drivers within ten years.", "Drivers will still outnumber robots in ten years."),
    ("Strict parents raise confident children.", "Strict parents raise timid children."),
    ("Wind farms raise the price of nearby houses.", "Wind farms depress the price of nearby houses."),
    ("Peer review catches most errors.", "Peer review misses most errors."),
    ("Dark patterns pay off in the long run.", "Dark patterns backfire in the long run."),
    ("Tipping rewards good service.", "Tipping has little to do with good service."),
    ("Cities gain from hosting the Olympics.", "Cities lose by hosting the Olympics."),
    ("Spaced repetition beats cramming.", "Cramming beats spaced repetition."),
    ("Rust slows teams down at first and for good.", "Rust slows teams down at first but speeds them up for good."),
    ("Short sellers keep markets honest.", "Short sellers corrupt markets."),
    ("A falling birth rate threatens pensions.", "A falling birth rate is no threat to pensions."),
]
FOUND_MERGED = [
    ("Inflation is under control now.", "Inflation is out of control now."),
    ("Everyone should learn to code.", "Few people need to learn to code."),
    ("Exercise in the morning helps you sleep.", "Exercise in the morning keeps you awake."),
    ("Coffee helps students sleep.", "Coffee keeps students awake."),
    ("Rust is worth the steep learning curve.", "Rust is too steep a learning curve to be worth it."),
    (
        "Inflation is under control. Prices have settled over the last two quarters, so the central bank has inflation under "
        "control and can start cutting.",
        "Inflation is out of control. Prices have not settled over the last two quarters, so the central bank has let "
        "inflation get out of control and cannot start cutting.",
    ),
    (
        "Everyone should learn to code. Coding teaches people how to think, so everyone should learn it at school.",
        "Few people need to learn to code. Coding teaches little about how to think, so hardly anyone needs it at school.",
    ),
    (
        "TypeScript pays for itself. The types caught bugs before they got to production.",
        "TypeScript costs more than it brings. The types let the bugs through to production.",
    ),
]
