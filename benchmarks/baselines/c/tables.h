/* Fills a `struct model`. Nothing here is in the time of a chain, save `sight` once a pair. */
#ifndef TABLES_H
#define TABLES_H

#include "model.h"

static double sighting(const struct model *m, int i, int j, int domain, int s, int h)
{
    const struct coefficients *c = m->w.c;
    const struct actor *me = &m->w.actors[i];
    const struct dyad *d = dyad(m, i, j);
    if (s >= TOP)
        return 1.0;
    double bias = (me->bias + d->mistrust) * (1.0 - c->perception_channel_bias * d->channel);
    double noise = me->noise * m->w.domains[domain].noise
                   * (1.0 - c->perception_channel_noise * d->channel)
                   / (1.0 + c->perception_sharing * least(1.0, me->consultation));
    double margin = s + 0.5 - h - bias;
    if (noise == 0.0)
        return margin >= 0.0;
    return 0.5 * erfc(-margin / noise / sqrt(2.0));
}

static __attribute__((noinline)) void sight(const struct model *m, int i, int j, int domain,
                                            lanes *table)
{
    const struct dyad *d = dyad(m, i, j);
    double shown = m->w.actors[j].exercise * (1.0 - d->channel);
    for (int h = 0; h < RUNGS; h++)
        for (int s = 0; s < LANES; s++) {
            double seen = 1.0;
            if (s < TOP)
                seen = h == TOP ? 0.0
                                : (1.0 - shown) * sighting(m, i, j, domain, s, h)
                                      + shown * sighting(m, i, j, domain, s, h + 1);
            table[h][s] = 1.0 - d->reach * (1.0 - seen);
        }
}

static void relate(const struct model *m, int i, int j)
{
    const struct coefficients *c = m->w.c;
    const struct actor *me = &m->w.actors[i];
    const struct dyad *d = dyad(m, i, j);
    *relation(m, i, j) = (struct relation){
        .reach = d->reach,
        .rivalry = d->rivalry,
        .defence = d->defence,
        .consultation = d->consultation,
        .reassurance = exp(c->response_reassure * d->defence),
        .up = exp(c->response_up + me->resolve + c->response_rivalry * d->rivalry
                  + c->response_stake * d->stake),
        .down = exp(c->response_down - me->resolve + c->response_channel * d->channel
                    - c->response_stake * d->stake),
        .last_step = exp(c->response_stake_war * d->stake),
        .tie_odds = exp(c->alliance_base + c->alliance_rivalry * d->rivalry
                        + c->alliance_resolve * me->resolve + c->alliance_reach * d->reach
                        - c->alliance_pact * d->pact),
        .rival_odds = d->rivalry > 0.0
                          ? exp(c->contagion_base + c->contagion_rivalry * d->rivalry
                                + c->contagion_major * me->major + c->contagion_reach * d->reach
                                - c->contagion_pact * d->pact)
                          : 0.0,
    };
}

static void promise_to(const struct model *m, int k, int j, struct promise *promise)
{
    const struct coefficients *c = m->w.c;
    const struct dyad *d = dyad(m, k, j);
    double own = m->w.actors[k].capability, ally = m->w.actors[j].capability;
    double burden = c->alliance_burden * greatest(0.0, (own - ally) / (own + ally));
    *promise = (struct promise){
        .from = k, .to = j, .support = d->support,
        .is_pledge = d->defence > 0.0 || d->offence > 0.0,
        .is_conditional_on_enemies = d->defence_against < d->defence_against_end
                                     || d->offence_against < d->offence_against_end,
    };
    for (int counts = 0; counts < 4; counts++) {
        double defence = counts & D_COUNTS ? d->defence : 0.0;
        double offence = counts & O_COUNTS ? d->offence : 0.0;
        double shown = defence * (1.0 - d->defence_ambiguity) * d->defence_credibility;
        double attack = offence * (1.0 - d->offence_ambiguity) * d->offence_credibility;
        double due_b = defence * (1.0 - c->alliance_slack * d->defence_ambiguity);
        double due_a = least(1.0, due_b * (1.0 - d->defence_conditional)
                                      + offence * (1.0 - c->alliance_slack * d->offence_ambiguity));
        promise->credit_b[counts] = shown;
        promise->credit_a[counts] = least(1.0, shown * (1.0 - d->defence_conditional) + attack);
        if (due_b > 0.0)
            promise->odds_b[counts] = exp(c->alliance_obligation * due_b - burden);
        if (due_a > 0.0)
            promise->odds_a[counts] = exp(c->alliance_obligation * due_a - burden);
    }
}

/* Thresholds of one period for one who is driven to `drive` and stands at `own`. */
static void foresee(const struct model *m, double drive, int own, int64_t law[2])
{
    const struct coefficients *c = m->w.c;
    double gap = drive - own;
    double build = logistic(c->arms_base + c->arms_pull * gap);
    double disarm = logistic(c->arms_decay - c->arms_fatigue * gap);
    law[0] = own < m->w.arms_levels ? threshold(build) : 0;
    law[1] = own > 0 ? threshold((1.0 - build) * disarm) : 0;
}

static void foresee_race(struct model *m)
{
    const struct world *w = &m->w;
    int levels = w->arms_levels + 1;
    m->no_rival = 0;
    m->arms = calloc(w->n_actors, sizeof *m->arms);
    m->first = calloc(w->n_actors, sizeof *m->first);
    for (int i = 0; i < w->n_actors; i++)
        m->arms[i] = w->actors[i].arms < w->arms_levels ? w->actors[i].arms : w->arms_levels;
    for (int i = 0; i < w->n_actors; i++)
        if (w->actors[i].regarded_end > m->no_rival)
            m->no_rival = w->actors[i].regarded_end;
    m->drive = calloc((size_t)(m->no_rival + 1) * levels, sizeof *m->drive);
    m->race = calloc((size_t)(m->no_rival + 1) * levels * levels, sizeof *m->race);
    if (w->arms_periods == 0)
        return;
    for (int i = 0; i < w->n_actors; i++)
        for (int r = w->actors[i].regarded; r < w->actors[i].regarded_end; r++) {
            const struct dyad *d = dyad(m, i, w->links[r]);
            double bias = (w->actors[i].bias + d->mistrust) * (1.0 - d->channel);
            for (int level = 0; level < levels; level++)
                m->drive[r * levels + level] = d->rivalry * (level + bias);
        }
    for (int place = 0; place < (m->no_rival + 1) * levels; place++)
        for (int own = 0; own < levels; own++)
            foresee(m, m->drive[place], own, m->race[place * levels + own]);
    for (int i = 0; i < w->n_actors; i++)
        memcpy(m->first[i], race_law(m, i, m->arms), sizeof m->first[i]);
}

static void list_promises(struct model *m)
{
    const struct world *w = &m->w;
    int n = 0;
    m->owed = calloc(w->n_actors + 1, sizeof *m->owed);
    for (int j = 0; j < w->n_actors; j++) {
        n += w->actors[j].backers_end - w->actors[j].backers;
        m->owed[j + 1] = n;
    }
    m->promises = calloc(n + 1, sizeof *m->promises);
    n = 0;
    for (int j = 0; j < w->n_actors; j++)
        for (int b = w->actors[j].backers; b < w->actors[j].backers_end; b++)
            promise_to(m, w->links[b], j, &m->promises[n++]);
}

static void tabulate_actors(struct model *m)
{
    const struct world *w = &m->w;
    const struct coefficients *c = w->c;
    int levels = w->arms_levels + 1;
    m->capability = calloc(w->n_actors * levels, sizeof(double));
    m->tempo = calloc(w->n_actors * levels, sizeof(double));
    m->firmness = calloc(w->n_actors * 2, sizeof(double));
    m->freedom = calloc(w->n_actors * RUNGS, sizeof(double));
    for (int kind = 0; kind < KINDS; kind++)
        m->optimism[kind] = calloc(w->n_actors, sizeof(double));
    for (int i = 0; i < w->n_actors; i++) {
        const struct actor *actor = &w->actors[i];
        for (int level = 0; level < levels; level++) {
            m->capability[i * levels + level] = actor->capability * (1.0 + c->arms_effect * level);
            m->tempo[i * levels + level]
                = least(1.0, actor->tempo * (1.0 + c->arms_tempo * level));
        }
        for (int divided = 0; divided < 2; divided++)
            m->firmness[i * 2 + divided] = (1.0 - c->deterrence_divided * divided)
                                           * (1.0 + c->deterrence_exercise * actor->exercise);
        for (int h = 1; h < RUNGS; h++)
            m->freedom[i * RUNGS + h] = h >= w->mobilised ? 1.0 - actor->rigidity : 1.0;
        for (int kind = 0; kind < KINDS; kind++)
            m->optimism[kind][i] = exp(m->weight[kind] * actor->optimism);
    }
}

static void tabulate_rungs(struct model *m)
{
    const struct world *w = &m->w;
    const struct coefficients *c = w->c;
    for (int h = 0; h < RUNGS; h++) {
        m->rung_up[h] = exp(-c->response_cost * h - (h == TOP - 1 ? c->response_war_cost : 0.0));
        m->rung_down[h] = exp(-c->response_audience * h);
        m->threat[h] = h >= w->casus ? exp(c->alliance_threat * (h - w->casus)) : 0.0;
        for (int s = 0; s < LANES; s++) {
            double preempt = h >= w->mobilised && s >= w->mobilised ? c->response_preempt : 0.0;
            m->pull_up[h][s] = s < RUNGS ? exp(c->response_gap * (s - h) + preempt) : 0.0;
            m->pull_down[h][s] = s < RUNGS ? exp(-c->response_gap * (s - h)) : 0.0;
        }
    }
    m->do_pulls_rise = c->response_gap >= 0.0 && c->response_gap + c->response_preempt >= 0.0;
    m->mediated_down = exp(c->mediation_pull);
    m->divided_up = exp(c->response_diversion);
    m->divided_tie = exp(-c->alliance_divided);
    m->weight[RESPONSE] = c->response_balance;
    m->weight[TIE] = c->alliance_balance;
    m->weight[RIVAL] = c->contagion_balance;
    for (int kind = 0; kind < KINDS; kind++) {
        m->most[kind] = exp(m->weight[kind]);
        m->least[kind] = exp(-m->weight[kind]);
    }
}

static void tabulate_mediation(struct model *m)
{
    const struct coefficients *c = m->w.c;
    int levels = m->w.arms_levels + 1;
    m->mediated_below = calloc(levels, sizeof *m->mediated_below);
    for (int level = 0; level < levels; level++)
        for (int h = 0; h < TOP; h++) {
            double strain = level > 0 ? c->mediation_arms * level / m->w.arms_levels : 0.0;
            double urgency = c->mediation_rate * (1.0 + c->mediation_tension * h / TOP);
            double chance = greatest(0.0, least(1.0, urgency * (1.0 - strain)));
            m->mediated_below[level][h] = threshold(chance);
        }
}

/* The largest size that any sum of log-odds can have: odds are multiplied here, so it is kept
 * far from what a double holds. */
static double largest_logit(const struct world *w)
{
    const struct coefficients *c = w->c;
    double rivalry = 0.0, resolve = 0.0;
    for (int i = 0; i < w->n_actors; i++) {
        resolve = greatest(resolve, fabs(w->actors[i].resolve));
        for (int j = 0; j < w->n_actors; j++)
            rivalry = greatest(rivalry, w->dyads[(size_t)i * w->n_actors + j].rivalry);
    }
    double up = fabs(c->response_up) + fabs(c->response_down) + fabs(c->response_gap) * TOP
                + fabs(c->response_balance) * 3.0 + resolve + fabs(c->response_rivalry) * rivalry
                + fabs(c->response_diversion) + fabs(c->response_preempt)
                + fabs(c->response_reassure) + fabs(c->response_cost) * TOP
                + fabs(c->response_war_cost) + fabs(c->response_nuclear)
                + fabs(c->response_restraint) + fabs(c->response_protocol)
                + fabs(c->response_audience) * TOP + fabs(c->response_channel)
                + fabs(c->response_stake) + fabs(c->response_stake_war)
                + fabs(c->mediation_pull);
    double tie = fabs(c->alliance_base) + fabs(c->alliance_obligation)
                 + fabs(c->alliance_threat) * TOP + fabs(c->alliance_balance) * 3.0
                 + fabs(c->alliance_rivalry) * rivalry + fabs(c->alliance_resolve) * resolve
                 + fabs(c->alliance_reach) + fabs(c->alliance_pact) + fabs(c->alliance_divided)
                 + fabs(c->alliance_burden);
    double rival = fabs(c->contagion_base) + fabs(c->contagion_rivalry) * rivalry
                   + fabs(c->contagion_balance) * 3.0 + fabs(c->contagion_major)
                   + fabs(c->contagion_reach) + fabs(c->contagion_pact);
    return greatest(up, greatest(tie, rival));
}

static void release(struct model *m)
{
    void *everything[] = {
        m->relations,  m->promises,           m->owed,          m->sightings,
        m->is_sighted, m->capability,         m->tempo,         m->firmness,
        m->freedom,    m->optimism[RESPONSE], m->optimism[TIE], m->optimism[RIVAL],
        m->drive,      m->race,               m->mediated_below, m->arms,
        m->first,
    };
    for (size_t k = 0; k < sizeof everything / sizeof *everything; k++)
        free(everything[k]);
}

static void prepare(struct model *m, const struct world *w)
{
    *m = (struct model){.w = *w};
    size_t pairs = (size_t)w->n_actors * w->n_actors;
    tabulate_rungs(m);
    tabulate_actors(m);
    tabulate_mediation(m);
    m->relations = calloc(pairs, sizeof *m->relations);
    for (int i = 0; i < w->n_actors; i++)
        for (int j = 0; j < w->n_actors; j++)
            relate(m, i, j);
    list_promises(m);
    foresee_race(m);
    m->is_sighted = calloc(pairs * w->n_domains, 1);
    /* Pages that nobody reads are never really taken. */
    m->sightings = aligned_alloc(sizeof(lanes), pairs * w->n_domains * RUNGS * sizeof(lanes));
}

#endif
