"""The sentences descriptions are put together from."""

SENTENCES = (
    "This course asks how {topic} shapes the way we live and work.",
    "You will work through real cases, week by week, at your own desk.",
    "No background is needed beyond curiosity and some school mathematics.",
    "Each unit ends with a short project that other learners review.",
    "We begin with the questions that started the field and end with those still open.",
    "Guest speakers from four continents join the weekly conversation.",
    "By the end you will be able to read a research article on {topic} with a critical eye.",
    "Problem sets are graded at once, and every answer is explained.",
    "The course follows the campus class, with the same readings and the same examination.",
    "You will build a portfolio that you can show to an employer.",
    "Short films take you into laboratories, archives and workshops.",
    "Expect about five hours a week, a little more near the end.",
    "Discussion groups meet in several languages.",
    "A final chapter looks at what {topic} may become in the next twenty years.",
    "All materials are open and may be reused in your own classroom.",
    "Learners who finish tell us that the third week is the hardest and the best.",
    "You will learn to measure, to estimate and to doubt what you have measured.",
    "The instructors answer questions every Thursday.",
)
BLURBS = (
    "Learn {topic} by doing, with instructors who love to explain.",
    "A first look at {topic}, from its questions to its tools.",
    "How {topic} changes what we know and what we do.",
    "Seven weeks with {topic}: cases, problems and a project of your own.",
    "What everyone should know about {topic}.",
    "The ideas behind {topic}, told through real examples.",
)
PARAGRAPHS = (
    "<p>{}</p>\n",
    "<p>{}&nbsp;</p>",
    "<div>{}</div>\n",
    "<p><strong>What you will learn.</strong> {}</p>\n<ul><li>To ask well</li><li>To read sources</li></ul>\n",
)
