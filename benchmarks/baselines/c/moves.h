/* Perception and response: the law of each member's move, remembered until it may have changed. */
#ifndef MOVES_H
#define MOVES_H

#include "crisis.h"

static inline double sum(lanes x)
{
    typedef float half __attribute__((vector_size(LANES * sizeof(float) / 2)));
    typedef float quarter __attribute__((vector_size(LANES * sizeof(float) / 4)));
    union { lanes all; half h[2]; } u = {x};
    union { half all; quarter q[2]; } w = {u.h[0] + u.h[1]};
    quarter y = w.q[0] + w.q[1];
    double total = y[0] + y[1];
    for (int s = 2; s < LANES / 4; s++)
        total += y[s];
    return total;
}

static inline lanes shifted(lanes x) /* each place gets what stood below it, the lowest 0 */
{
    const lanes none = {0};
    places from;
    for (int s = 0; s < LANES; s++)
        from[s] = s == 0 ? LANES : s - 1;
    return __builtin_shuffle(x, none, from);
}

/* Factors of the odds that hold whatever the rungs. */
static void take_stance(struct crisis *s, struct member *me)
{
    const struct coefficients *c = s->m->w.c;
    if (!s->is_balance_known)
        weigh(s);
    double confident = confidence(s, RESPONSE, me->actor, me->side);
    me->up = me->enemy->up * confident;
    me->down = me->enemy->down / confident;
    if (s->divided[me->actor])
        me->up *= s->m->divided_up;
    if (me->consultation != me->braked_by) {
        double bound = least(1.0, me->consultation);
        me->braked_by = me->consultation;
        me->restraint = exp(-c->response_restraint * bound);
        me->protocol = exp(-c->response_protocol * bound);
    }
    if (me->nuclear != me->feared) {
        me->feared = me->nuclear;
        me->nuclear_fear = exp(-c->response_nuclear * me->nuclear);
    }
    me->up *= me->restraint;
    me->is_stance_known = 1;
}

/* What its strongest promise to an ally who stands higher makes of its odds. */
static inline double reassurance(const struct crisis *s, const struct member *me)
{
    double strongest = 0.0, factor = 1.0;
    for (int n = 0; n < me->n_pledges; n++)
        if (me->pledges[n].strength > strongest
            && s->members[me->pledges[n].ally].rung > me->rung) {
            strongest = me->pledges[n].strength;
            factor = me->pledges[n].reassurance;
        }
    return factor;
}

static inline void read_threat(const struct crisis *s, struct member *me)
{
    const lanes *const *views = me->views;
    const int *rungs = s->rungs[!me->side];
    int n_opposite = s->n_sides[!me->side];
    lanes below = views[0][rungs[0]];
    for (int n = 1; n < n_opposite; n++)
        below *= views[n][rungs[n]];
    me->below = below;
    me->chance = below - shifted(below);
    me->is_reading_known = 1;
}

static void find_law(struct crisis *s, struct member *me, int mediated)
{
    const struct model *m = s->m;
    int h = me->rung;
    if (!me->is_stance_known)
        take_stance(s, me);
    if (!me->is_reading_known)
        read_threat(s, me);
    double up = me->up * m->rung_up[h] * reassurance(s, me);
    double down = me->down * m->rung_down[h];
    if (h == m->w.mobilised - 1)
        up *= me->protocol;
    if (h == TOP - 1)
        up *= me->nuclear_fear * me->enemy->last_step;
    if (mediated)
        down *= m->mediated_down;
    lanes to_rise = (float)up * m->pull_up[h], to_fall = (float)down * m->pull_down[h];
    lanes share = 1.0f / (1.0f + to_rise + to_fall);
    me->rise[mediated] = to_rise * share;
    double free = me->tempo * m->freedom[me->actor * RUNGS + h];
    me->up_below[mediated] = threshold(me->tempo * sum(me->chance * me->rise[mediated]));
    me->down_from[mediated] = me->able_below - threshold(free * sum(me->chance * to_fall * share));
    me->is_law_known[mediated] = 1;
}

/* The accurate reading at `u`: the smallest rung at which its distribution function reaches it. */
static int accurate(const struct crisis *s, const struct member *me, double u)
{
    const int *rungs = s->rungs[!me->side], *opposite = s->sides[!me->side];
    int n_opposite = s->n_sides[!me->side];
    double below = 1.0;
    for (int h = s->height[!me->side]; h > 0; h--) {
        if (s->standing[!me->side][h] == 0)
            continue;
        for (int n = 0; n < n_opposite; n++)
            if (rungs[n] == h) {
                int other = s->members[opposite[n]].actor;
                below *= 1.0 - relation(s->m, me->actor, other)->reach;
            }
        if (below < u)
            return h;
    }
    return 0;
}

/* Whether an up-move would not have been made on the accurate reading. `drawn`, the word that meant
 * up, says first whether it would have been made on any reading. If not, its reading has chances
 * in proportion to those of reading it and going up for that; the word tells which. */
static int is_misread(struct crisis *s, const struct member *me, int mediated, int64_t drawn)
{
    double left = (drawn + 0.5) * me->per_word;
    float anyway = s->m->do_pulls_rise ? me->rise[mediated][0] : 0.0f;
    if (left < anyway)
        return 0;
    left -= anyway;
    const lanes rise = me->rise[mediated] - anyway, both = me->chance * rise;
    int seen = 0;
    while (seen < TOP && left >= both[seen])
        left -= both[seen++];
    double lowest = seen > 0 ? me->below[seen - 1] : 0.0;
    double u = lowest + (me->below[seen] - lowest) * uniform(&s->source);
    int truth = accurate(s, me, u);
    return truth != seen && uniform(&s->source) * rise[seen] >= rise[truth];
}

/* Draw the moves of all actors not yet at war. Words from `able_below` on mean that it is not
 * able to move; then its law need not be known. */
static inline void respond(struct crisis *s)
{
    int mediated = s->is_mediated;
    s->n_moves = 0;
    for (int n = 0; n < s->n_active; n++) {
        struct member *me = s->active[n];
        int64_t drawn = word(&s->source);
        if (drawn >= me->able_below)
            continue;
        if (!me->is_law_known[mediated])
            find_law(s, me, mediated);
        if (drawn < me->up_below[mediated])
            s->moves[s->n_moves++]
                = (struct move){me, 1, is_misread(s, me, mediated, drawn)};
        else if (drawn >= me->down_from[mediated])
            s->moves[s->n_moves++] = (struct move){me, -1, 0};
    }
}

static inline void put(struct crisis *s, struct member *me, int rung)
{
    s->standing[me->side][me->rung]--;
    s->standing[me->side][rung]++;
    s->has_stirred[me->side] = 1;
    me->moved_in = s->turn;
    s->n_above_calm += (rung > 0) - (me->rung > 0);
    me->rung = rung;
    s->rungs[me->side][me->slot] = rung;
    if (rung > me->peak)
        me->peak = rung;
}

static inline int has_pledged_one_who_moved(const struct crisis *s, const struct member *me)
{
    for (int n = 0; n < me->n_pledges; n++)
        if (s->members[me->pledges[n].ally].moved_in == s->turn)
            return 1;
    return 0;
}

/* Forget the laws in which the rung of one of those who moved counts. */
static inline void stir(struct crisis *s)
{
    for (int n = 0; n < s->n_active; n++) {
        struct member *me = s->active[n];
        if (s->has_stirred[!me->side])
            me->is_reading_known = me->is_law_known[0] = me->is_law_known[1] = 0;
        else if (me->moved_in == s->turn || has_pledged_one_who_moved(s, me))
            me->is_law_known[0] = me->is_law_known[1] = 0;
    }
}

static inline void leave_the_active(struct crisis *s)
{
    for (int n = 0; n < s->n_active;)
        if (s->active[n]->rung == TOP)
            s->active[n] = s->active[--s->n_active];
        else
            n++;
}

static inline void make_moves(struct crisis *s)
{
    int climbs = 0, misread_climbs = 0, has_gone_to_war[2] = {0, 0};
    for (int n = 0; n < s->n_moves; n++) {
        const struct move *move = &s->moves[n];
        struct member *me = move->member;
        int rung = me->rung + move->step;
        s->misreads += move->is_misread;
        put(s, me, rung);
        if (rung == TOP) {
            climbs++;
            misread_climbs += move->is_misread;
            has_gone_to_war[me->side] = 1;
        }
    }
    if (climbs > 0) {
        for (int side = A; side <= B; side++) {
            struct member *o = &s->members[!side]; /* originators come first, A's before B's */
            if (has_gone_to_war[side] && o->rung != TOP)
                put(s, o, TOP);
        }
        if (s->war_turn == 0) {
            s->war_turn = s->turn;
            s->war_began_misread = misread_climbs == climbs;
        }
        leave_the_active(s);
    }
    stir(s);
}

#endif
