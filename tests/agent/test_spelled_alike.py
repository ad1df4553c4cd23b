"""Questions that look like those that are told whole, and ask for something else: none of them is told."""

from __future__ import annotations

import pytest

from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.tools.frames import FrameDatabase
from tests.agent.dogs_and_trips import DOGS, TRIPS

_TWO_KINDS = [
    "In how many years was the average weight of Collie above the average weight of Pug in dogs?",
    "For how many litters was the mean weight of Collie dogs higher than that of Pug dogs?",
    "How often was the mean weight of Collie above that of Pug in dogs?",
    "How many dogs are heavier than the average Collie or Pug?",
    "In which year was the average weight of Collie further above that of Pug in dogs?",
    "How much heavier are vaccinated Collie dogs than Pug dogs on average?",
    "How much heavier are Collie dogs than Pug dogs on average in Norway?",
    "How much heavier is the average Collie than the average Pug of the same litter in dogs?",
    "By how much is the mean weight of Collie above that of Pug in dogs, and how many of each are there?",
    "How much heavier are Collie dogs than Pug dogs on average after the first summer?",
    "What is the difference between the mean weight of Collie and Pug dogs with puppies?",
    "On how many days was the average weight of Collie higher than that of Pug in dogs?",
]
_MOVED = [
    "By how much did the average weight of dogs rise from 2019 to 2020?",
    "By how much did the mean weight of dogs drop from 2019 to 2020?",
    "How much higher was the mean riders of trips in the first quarter of 2021 than in that of 2020?",
]
_PER_KIND = [
    "In how many breeds are there more than two males per female in dogs?",
    "How many males per female were adopted of the dogs?",
    "How many males per female are there in the kennel with the most dogs?",
    "For how many breeds is the ratio of females to males above one in dogs?",
    "How many males are there per female in dogs, and which breed has the most?",
    "What is the ratio of females to males among dogs with a pedigree?",
    "What is the ratio of females to males among the dogs of Oslo?",
    "How many males per female and per owner are there in dogs?",
    "How many males per female are there in dogs if puppies count twice?",
    "How often are there more males than females to each owner in dogs?",
]
_SHARES = [
    "Take food as a share of weight for each of the dogs. In how many is it above the mean of these shares?",
    "Take food as a percentage of weight for the dogs of Berlin. What is the mean of these percentages?",
    "Take food as a percentage of weight for stray dogs. What is the mean of these percentages?",
    "Take food as a share of weight for each of the dogs. What is the mean of these shares per breed?",
    "Take food as a share of last season's weight of dogs. What is the mean of these shares?",
    "Take food as a share of weight for dogs. What is the mean of these shares, and which breed leads?",
    "Take food as a share of weight for dogs with owners. What is the highest of these shares?",
    "Take food as a share of weight for dogs. How many dogs lie above the median of these shares?",
    "Take food as a share of weight for dogs, ignoring puppies. What is the mean of these shares?",
    "Take the ratio of food to weight for sick dogs. What is the mean of these ratios?",
]
_TRIMMED = [
    "In how many breeds is the mean weight of the dogs without the two lowest and highest values above 9?",
    "What is the mean weight of the dogs without the two lowest and highest values of food eaten?",
    "What is the mean weight of the dogs of Rome without the two lowest and the two highest values?",
    "What is the mean weight of puppies among dogs without the two lowest and the two highest values?",
    "What is the mean weight of dogs without the two lowest and highest values, and how many are left?",
    "Which breed has the highest mean weight of dogs without the two lowest and the two highest values?",
    "What is the mean weight of the dogs without the two lowest and two highest values per breed?",
    "What is the mean weight of adopted dogs without the two lowest and the two highest values?",
    "What is the mean weight of the dogs without the two lowest and two highest values when weighted?",
    "How often is the weight of dogs below the mean without the two lowest and the two highest values?",
]
_SPANS = [
    "In how many breeds do more than 100 days lie between the first and the last born of the dogs?",
    "How many days lie between the first and the last born of the vaccinated dogs?",
    "How many working days lie between the first and the last born of the dogs?",
    "How many days lie between the first and the last born of the dogs, and which are these?",
    "How many days lie between the first born of Collie and the last born of Pug in dogs?",
    "How many days lie between the first and the last born of the dogs in Madrid?",
    "How many days of rain lie between the first and the last born of the dogs?",
    "How many days lie between the earliest and the latest born of the dogs of each owner?",
    "How many days lie between the first and the second last born of the dogs?",
    "How many days lie between the first litter and the last litter born of dogs?",
]
_QUARTERS = [
    "In how many quarters were there more trips than in the one before?",
    "How many trips were there in each quarter of the city?",
    "How many trips with delays were there in each quarter?",
    "How many trips were there in each quarter, and how many riders had they?",
    "Which quarter had the most trips of night lines?",
    "How many free trips were there in each quarter?",
    "Which quarter had the highest total riders of trips to school?",
    "How often did a quarter have more than three trips?",
    "How many drivers per quarter made trips?",
    "What was the mean number of riders of trips for each quarter in summer?",
]


@pytest.mark.parametrize(
    "question", [*_TWO_KINDS, *_MOVED, *_PER_KIND, *_SHARES, *_TRIMMED, *_SPANS, *_QUARTERS]
)
def test_what_looks_alike(question: str) -> None:
    with FrameDatabase({"dogs": DOGS, "trips": TRIPS}) as database:
        found = spelled_out(question, database.tables, database.dialect)
    assert found is None, found.query
