package io.j8s.apiserver.authentication.oidc;

import java.util.List;

/// For which requests without credentials the user is `system:anonymous`; all others are refused (KEP-4633).
///
/// @param paths the only ones; empty: all
public record AnonymousAccess(boolean enabled, List<String> paths) {

    public static final AnonymousAccess EVERYWHERE = new AnonymousAccess(true, List.of());
    public static final AnonymousAccess NOWHERE = new AnonymousAccess(false, List.of());

    public AnonymousAccess {
        paths = List.copyOf(paths);
    }

    public boolean allows(String path) {
        return enabled && (paths.isEmpty() || paths.contains(path));
    }
}
