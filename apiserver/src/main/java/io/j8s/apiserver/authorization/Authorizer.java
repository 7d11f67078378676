package io.j8s.apiserver.authorization;

import io.j8s.apiserver.authentication.User;
import java.util.List;

/// Decides whether a user may do something. May block (webhooks), called by many threads at once; on the way of every request, so built-in ones must be quick.
public interface Authorizer {

    Decision authorize(Attributes attributes);

    /// What a user may do in a namespace, as far as it can be listed (SelfSubjectRulesReview).
    default Rules rulesFor(User user, String namespace) {
        return Rules.UNKNOWN;
    }

    /// @param incomplete whether there may be more than is listed
    /// @param error why it is incomplete; may be empty
    record Rules(List<ResourceRule> resourceRules, List<PathRule> pathRules, boolean incomplete, String error) {
        public static final Rules UNKNOWN = new Rules(List.of(), List.of(), true, "");
    }

    record ResourceRule(List<String> verbs, List<String> groups, List<String> resources, List<String> names) {}

    record PathRule(List<String> verbs, List<String> paths) {}

    /// Asks these in order; the first that allows or denies decides.
    static Authorizer chain(List<Authorizer> authorizers) {
        return new AuthorizerChain(authorizers);
    }
}
