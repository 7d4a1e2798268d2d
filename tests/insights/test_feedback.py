import numpy as np
from hypothesis import given

from scheduler.insights.feedback import Feedback, count_feedback
from tests.insights.histories import stories, tell


@given(stories())
def test_feedback_counts_every_answer(story):
    _, meetings, _, _ = story
    history = tell(story)
    lunch = np.array(
        [history.programmes[p] == "lunch" for p in history.sitting_programme], np.bool_
    )

    feedback = count_feedback(history, lunch)

    here = [m for m in meetings if m.programme == "lunch"]
    said = [(person, answer) for m in here for person, answer in m.answers.items()]
    assert feedback == Feedback(
        seats=sum(len(m.member_ids) for m in here),
        yes=sum(a.met == "yes" for _, a in said),
        partly=sum(a.met == "partly" for _, a in said),
        no=sum(a.met == "no" for _, a in said),
        again=sum(a.again is True for _, a in said),
        not_again=sum(a.again is False for _, a in said),
        people=len({person for person, a in said if a.met is not None}),
        moods=len({person for person, a in said if a.again is not None}),
    )


def test_rates_are_shares_of_those_who_said_something():
    feedback = Feedback(10, 3, 1, 1, 3, 0, 5, 3)

    assert (feedback.answered, feedback.met_rate, feedback.mood) == (5, 0.8, 1.0)
    nobody = Feedback(10, 0, 0, 0, 0, 0, 0, 0)
    assert (nobody.met_rate, nobody.mood) == (None, None)
