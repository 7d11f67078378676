package io.j8s.apiserver.authorization;

import io.j8s.apiserver.authentication.User;
import java.util.List;

/// Says the same to everything: the modes `AlwaysAllow` and `AlwaysDeny`.
public enum FixedAuthorizer implements Authorizer {
    ALWAYS_ALLOW, ALWAYS_DENY;

    @Override
    public Decision authorize(Attributes attributes) {
        return this == ALWAYS_ALLOW ? new Decision.Allow("") : new Decision.NoOpinion("Everything is forbidden.");
    }

    @Override
    public Rules rulesFor(User user, String namespace) {
        List<String> any = List.of("*");
        return this == ALWAYS_ALLOW
                ? new Rules(List.of(new ResourceRule(any, any, any, List.of())), List.of(new PathRule(any, any)), false, "")
                : new Rules(List.of(), List.of(), false, "");
    }
}
