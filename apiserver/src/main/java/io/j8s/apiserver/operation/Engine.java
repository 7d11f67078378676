package io.j8s.apiserver.operation;

import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.registry.Tables;
import io.j8s.runtime.Timeline;

/// What all operations work with.
public record Engine(Tables tables, Timeline timeline, Admission admission, Authorizer authorizer, Ownership ownership, Leases leases) {}
