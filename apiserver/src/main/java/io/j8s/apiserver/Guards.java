package io.j8s.apiserver;

import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.audit.Auditor;
import io.j8s.apiserver.authentication.Authenticator;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.serve.Paths;
import java.util.List;
import java.util.function.Consumer;

/// Who may ask, who may do what, and what else may change or refuse a write.
///
/// @param resources all resources that are served: the built-in ones, and those that answer from the guards themselves (reviews, tokens)
/// @param paths adds what the guards answer at other paths
/// @param close ends what they keep open
/// @param auditor keeps a record of requests
public record Guards(
        Authenticator authenticator, Authorizer authorizer, Admission admission, List<Resource<?>> resources, Consumer<Paths> paths, Runnable close, Auditor auditor) {

    public Guards {
        resources = List.copyOf(resources);
    }

    /// Without a record of requests.
    public Guards(
            Authenticator authenticator, Authorizer authorizer, Admission admission, List<Resource<?>> resources, Consumer<Paths> paths, Runnable close) {
        this(authenticator, authorizer, admission, resources, paths, close, Auditor.NONE);
    }
}
