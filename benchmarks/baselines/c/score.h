/* What is counted of a finished chain. */
#ifndef SCORE_H
#define SCORE_H

#include "crisis.h"

enum { OUTCOMES = 6, CAUSES = 5, MISREAD_CLASSES = 16 };
enum { WAR_ENDS = 2, AT_HORIZON = 1, UNDECIDED = 2 };
enum { FOUGHT, STOOD_BY, ABANDONED, BETRAYED };

static int fate(const struct crisis *s, int k, const struct member *ally)
{
    if (s->side[k] == NEUTRAL)
        return ABANDONED;
    if (s->side[k] != ally->side)
        return BETRAYED;
    return s->members[s->place[k]].rung == TOP ? FOUGHT : STOOD_BY;
}

/* The promises to defend `ally`, who is at war. */
static void score_ties(const struct crisis *s, struct tally *tally, const struct member *ally)
{
    const struct world *w = &s->m->w;
    const struct actor *actor = &w->actors[ally->actor];
    for (int t = actor->ties_to; t < actor->ties_to_end; t++) {
        int tie = w->links[t], k = w->ties[tie].from_;
        const struct dyad *d = dyad(s->m, k, ally->actor);
        if (k == s->originator[A] || k == s->originator[B] || d->defence <= 0.0
            || (ally->side == A && d->defence_conditional >= 1.0))
            continue;
        int does_count = d->defence_against == d->defence_against_end;
        for (int a = d->defence_against; a < d->defence_against_end; a++)
            does_count |= s->side[w->links[a]] == !ally->side;
        if (does_count)
            tally->tie[fate(s, k, ally) * w->n_ties + tie]++;
    }
}

static void score(const struct crisis *s, struct tally *tally)
{
    const struct world *w = &s->m->w;
    int n = w->n_actors, turns = w->horizon + 1, n_at_war = 0;
    tally->n_chains[0]++;
    tally->outcome[s->outcome]++;
    tally->incident[s->drawn_initiator * n + s->drawn_target]++;
    tally->domain[s->domain * OUTCOMES + s->outcome]++;
    tally->accident[s->outcome] += s->is_accident;
    tally->last_turn[s->outcome * turns + s->turn]++;
    if (s->outcome == DETERRED) {
        tally->peak[0]++;
        tally->engaged_size[0]++;
        tally->war_size[0]++;
        tally->misread[0]++;
        return;
    }
    for (int e = 0; e < s->n_members; e++) {
        const struct member *me = &s->members[e];
        int i = me->actor;
        tally->actor_engaged[i * 2 + me->side]++;
        tally->entry[i * CAUSES + me->cause]++;
        tally->entry_turn[i * turns + me->entry_turn]++;
        tally->actor_peak[i * RUNGS + me->peak]++;
        if (me->cause == TREATY) {
            tally->drawn_in[me->through * n + i]++;
            tally->chain_gang[i] += s->members[s->place[me->through]].cause == TREATY;
        }
        if (me->rung == TOP) {
            n_at_war++;
            tally->actor_war[i * 2 + me->side]++;
            score_ties(s, tally, me);
        }
    }
    tally->peak[s->highest[A] > s->highest[B] ? s->highest[A] : s->highest[B]]++;
    tally->engaged_size[s->n_members]++;
    tally->war_size[n_at_war]++;
    tally->misread[s->misreads < MISREAD_CLASSES ? s->misreads : MISREAD_CLASSES - 1]++;
    tally->misattributed[0] += s->is_misattributed;
    tally->reciprocated[0] += s->members[B].peak > 0;
    if (s->war_turn > 0) {
        tally->war_turn[s->war_turn]++;
        tally->misread_war[0] += s->war_began_misread;
        tally->war_length[(w->horizon - s->war_turn) * WAR_ENDS + AT_HORIZON]++;
        tally->winner[UNDECIDED]++;
    }
}

#endif
