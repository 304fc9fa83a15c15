/* Chains of the whole model, one after the other on one core: what the engine is measured
 * against. Odds of every pair are worked out beforehand, so that a chain multiplies where the
 * model adds log-odds; laws are kept until something they rest on changes; neutrals are drawn
 * together. Random numbers come in sequence, so a chain cannot be simulated alone. */
#include "model.h"
#include "tables.h"

#include "crisis.h"
#include "joining.h"
#include "moves.h"
#include "score.h"

static double challenge(struct crisis *s)
{
    const struct coefficients *c = s->m->w.c;
    int i = s->originator[A], j = s->originator[B];
    const struct actor *actor = &s->m->w.actors[i];
    const struct dyad *d = dyad(s->m, i, j);
    if (!s->is_balance_known)
        weigh(s);
    double seen = least(1.0, greatest(-1.0, s->balance + actor->optimism));
    return logistic(c->deterrence_base + c->deterrence_rivalry * d->rivalry
                    + c->deterrence_balance * seen + actor->resolve
                    + c->deterrence_diversion * s->divided[i]
                    + c->deterrence_opportunity * s->divided[j] - c->deterrence_pact * d->pact
                    + c->deterrence_stake * d->stake);
}

static void race(struct crisis *s)
{
    const struct model *m = s->m;
    int n = m->w.n_actors;
    int *steps = s->watching; /* scratch: nobody looks on yet */
    memcpy(s->arms, m->arms, n * sizeof(int));
    for (int period = 0; period < m->w.arms_periods; period++) {
        for (int i = 0; i < n; i++) {
            const int64_t *law = period == 0 ? m->first[i] : race_law(m, i, s->arms);
            int64_t drawn = word(&s->source);
            steps[i] = (drawn < law[0]) - (drawn >= ((int64_t)1 << 32) - law[1]);
        }
        for (int i = 0; i < n; i++)
            s->arms[i] += steps[i];
    }
}

/* The target may blame, and strike, the wrong one. */
static void attribute(struct crisis *s)
{
    const struct world *w = &s->m->w;
    double chance = w->domains[s->domain].misattribution, total = 0.0;
    int victim = s->originator[B], initiator = s->originator[A], blamed = NOBODY;
    if (chance == 0.0 || !happens(&s->source, chance))
        return;
    const struct actor *actor = &w->actors[victim];
    for (int r = actor->regarded; r < actor->regarded_end; r++)
        if (w->links[r] != (uint32_t)initiator)
            total += relation(s->m, victim, w->links[r])->rivalry;
    if (total == 0.0)
        return;
    double left = uniform(&s->source) * total;
    for (int r = actor->regarded; r < actor->regarded_end && left >= 0.0; r++)
        if (w->links[r] != (uint32_t)initiator) {
            blamed = w->links[r];
            left -= relation(s->m, victim, blamed)->rivalry;
        }
    disband(s);
    s->is_misattributed = 1;
    open_crisis(s, victim, blamed);
}

#define CHOOSE(rows, count, drawn)                                                                 \
    ({                                                                                             \
        int low_ = 0, high_ = (count) - 1;                                                         \
        while (low_ < high_) {                                                                     \
            int middle_ = (low_ + high_) / 2;                                                      \
            if ((drawn) < (rows)[middle_].cumulative)                                              \
                high_ = middle_;                                                                   \
            else                                                                                   \
                low_ = middle_ + 1;                                                                \
        }                                                                                          \
        low_;                                                                                      \
    })

/* Background, incident and deterrence test; whether the crisis goes on. */
static int begin(struct crisis *s)
{
    const struct world *w = &s->m->w;
    if (w->arms_periods > 0)
        race(s);
    double drawn = uniform(&s->source);
    const struct incident *incident = &w->incidents[CHOOSE(w->incidents, w->n_incidents, drawn)];
    drawn = uniform(&s->source);
    s->domain = CHOOSE(w->domains, w->n_domains, drawn);
    s->drawn_initiator = incident->initiator;
    s->drawn_target = incident->target;
    s->is_accident = happens(&s->source, w->accident);
    s->is_misattributed = 0;
    open_crisis(s, incident->initiator, incident->target);
    if (!s->is_accident && !happens(&s->source, challenge(s))) {
        s->outcome = DETERRED;
        return 0;
    }
    attribute(s);
    return 1;
}

static int final_outcome(const struct crisis *s)
{
    const struct world *w = &s->m->w;
    double fighting = 0.0;
    if (s->war_turn == 0)
        return STALEMATE;
    for (int n = 0; n < s->n_members; n++)
        if (s->members[n].rung == TOP)
            fighting += w->actors[s->members[n].actor].capability;
    int is_general = fighting / w->system_capability >= w->c->outcome_general_share - 1e-9;
    return is_general ? GENERAL_WAR : LIMITED_WAR;
}

/* One turn; whether the crisis goes on. */
static int take_turn(struct crisis *s, struct entry *entries, int *scratch)
{
    int n_entries = 0, n_changed = 0, is_news = 0;
    s->turn++;
    s->is_mediated = 0;
    if (s->war_turn == 0 && s->turn > s->m->w.c->mediation_delay) {
        int highest = s->height[A] > s->height[B] ? s->height[A] : s->height[B];
        s->is_mediated = word(&s->source) < s->mediated_below[highest];
    }
    respond(s);
    int n_stirring = s->n_live[A] + s->n_live[B] + s->n_restless;
    if (n_stirring > 0 && (!s->is_priced[A] || !s->is_priced[B]))
        price_calls(s);
    int64_t stirred_below = n_stirring > 0 ? s->stirred_below[s->is_news] : 0;
    if (stirred_below > 0 && word(&s->source) < stirred_below)
        n_entries = stir_somebody(s, entries, scratch, &n_changed);
    for (int n = 0; n < n_changed; n++)
        s->divided[scratch[n]] ^= 1;
    if (n_changed > 0)
        unsettle(s);
    if (s->n_moves > 0 || n_entries > 0) {
        make_moves(s);
        for (int n = 0; n < n_entries; n++)
            enlist(s, entries[n].actor, entries[n].side, 1, entries[n].cause, entries[n].through);
        is_news = n_entries > 0;
        set_heights(s);
        for (int side = A; side <= B; side++)
            if (s->height[side] > s->highest[side]) {
                s->highest[side] = s->height[side];
                is_news |= s->height[side] >= s->m->w.casus;
            }
        if (s->n_above_calm == 0) {
            s->outcome = s->is_mediated ? MEDIATED : SETTLED;
            return 0;
        }
    }
    s->is_news = is_news;
    if (s->turn == s->m->w.horizon) {
        s->outcome = final_outcome(s);
        return 0;
    }
    return 1;
}

static void make_room(struct crisis *s, const struct model *m)
{
    int n = m->w.n_actors, n_promises = m->owed[n];
    memset(s, 0, sizeof *s);
    s->m = m;
    s->side = malloc(n);
    memset(s->side, NEUTRAL, n);
    s->divided = calloc(n, 1);
    s->is_known = calloc(n, 1);
    s->is_watching = calloc(n, 1);
    s->arms = calloc(n, sizeof(int));
    s->place = calloc(n, sizeof(int));
    s->calls = calloc(n, sizeof *s->calls);
    s->helper_of = calloc(n, sizeof *s->helper_of);
    s->members = aligned_alloc(sizeof(lanes), n * sizeof *s->members);
    for (int side = A; side <= B; side++) {
        s->sides[side] = calloc(n, sizeof(int));
        s->rungs[side] = calloc(n, sizeof(int));
        s->helpers[side] = calloc(n, sizeof(struct helper));
        s->live[side] = calloc(n, sizeof *s->live[side]);
    }
    s->active = calloc(n, sizeof *s->active);
    s->known = calloc(n, sizeof(int));
    s->watching = calloc(n, sizeof(int));
    s->restless = calloc(n, sizeof(int));
    s->links = calloc(n_promises + 1, sizeof *s->links);
    s->moves = calloc(n + 2, sizeof *s->moves);
    s->chances = calloc(3 * n + 1, sizeof(double));
    s->quiet = calloc(3 * n + 1, sizeof(double));
    s->views = calloc((size_t)n * n, sizeof *s->views);
    s->pledges = calloc((size_t)n * n, sizeof *s->pledges);
    memcpy(s->arms, m->arms, n * sizeof(int));
}

static void clear_room(struct crisis *s)
{
    void *everything[] = {
        s->side,     s->divided,   s->is_known, s->is_watching, s->arms,       s->place,
        s->calls,    s->helper_of, s->members,  s->sides[A],    s->sides[B],   s->helpers[A],
        s->active,   s->known,     s->watching, s->restless,    s->helpers[B], s->live[A],
        s->live[B],  s->links,    s->moves,     s->chances,  s->quiet,       s->views,      s->pledges,
        s->rungs[A], s->rungs[B],
    };
    for (size_t k = 0; k < sizeof everything / sizeof *everything; k++)
        free(everything[k]);
}

/* Simulate `n_chains` and add them to `tally`; -1 if the odds of this world may be too large. */
int simulate(const struct world *w, struct tally *tally, uint64_t seed, int64_t n_chains)
{
    struct model m;
    struct crisis s;
    if (largest_logit(w) > LARGEST_LOGIT)
        return -1;
    prepare(&m, w);
    make_room(&s, &m);
    seed_source(&s.source, seed);
    struct entry *entries = calloc(2 * w->n_actors, sizeof *entries);
    int *scratch = calloc(w->n_actors + 2, sizeof *scratch);
    for (int64_t chain = 0; chain < n_chains; chain++) {
        if (begin(&s))
            while (take_turn(&s, entries, scratch))
                ;
        score(&s, tally);
        disband(&s);
        for (int n = 0; n < s.n_known; n++)
            s.is_known[s.known[n]] = 0;
        s.n_known = 0;
    }
    free(entries);
    free(scratch);
    clear_room(&s);
    release(&m);
    return 0;
}
