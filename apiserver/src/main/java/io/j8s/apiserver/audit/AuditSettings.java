package io.j8s.apiserver.audit;

import java.nio.file.Path;

/// Which requests are kept, and where.
///
/// @param policy the file that says so (`--audit-policy-file`)
/// @param log where events go
public record AuditSettings(Path policy, AuditLog.Settings log) {}
