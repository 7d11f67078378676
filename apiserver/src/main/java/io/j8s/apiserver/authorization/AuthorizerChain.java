package io.j8s.apiserver.authorization;

import io.j8s.apiserver.authentication.User;
import java.util.ArrayList;
import java.util.List;

/// Several authorizers, asked in order.
final class AuthorizerChain implements Authorizer {

    private final List<Authorizer> authorizers;

    AuthorizerChain(List<Authorizer> authorizers) {
        this.authorizers = List.copyOf(authorizers);
    }

    @Override
    public Decision authorize(Attributes attributes) {
        List<String> reasons = new ArrayList<>(0);
        for (Authorizer authorizer : authorizers) {
            Decision decision = authorizer.authorize(attributes);
            if (!(decision instanceof Decision.NoOpinion)) {
                return decision;
            }
            if (!decision.reason().isEmpty()) {
                reasons.add(decision.reason());
            }
        }
        return new Decision.NoOpinion(String.join(", ", reasons));
    }

    @Override
    public Rules rulesFor(User user, String namespace) {
        List<ResourceRule> resources = new ArrayList<>();
        List<PathRule> paths = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        boolean incomplete = false;
        for (Authorizer authorizer : authorizers) {
            Rules rules = authorizer.rulesFor(user, namespace);
            resources.addAll(rules.resourceRules());
            paths.addAll(rules.pathRules());
            incomplete |= rules.incomplete();
            if (!rules.error().isEmpty()) {
                errors.add(rules.error());
            }
        }
        return new Rules(resources, paths, incomplete, String.join(", ", errors));
    }
}
