package io.j8s.apiserver.authorization;

import io.j8s.apiserver.authentication.User;
import java.util.List;

/// Members of `system:masters` may do anything, whatever the other authorizers say. Their rules are not listed: those that they also have by roles are.
public final class SystemMasters implements Authorizer {

    private static final Decision ALLOW = new Decision.Allow("");
    private static final Decision NO_OPINION = new Decision.NoOpinion("");
    private static final Rules NOTHING = new Rules(List.of(), List.of(), false, "");

    @Override
    public Decision authorize(Attributes attributes) {
        return attributes.user().in(User.MASTERS) ? ALLOW : NO_OPINION;
    }

    @Override
    public Rules rulesFor(User user, String namespace) {
        return NOTHING;
    }
}
