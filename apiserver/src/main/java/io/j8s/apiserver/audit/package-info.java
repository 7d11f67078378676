/// The record of who did what (API reference, audit.k8s.io/v1): a policy says for each request how much is kept, and a log takes it, without holding up the request.
@NullMarked
package io.j8s.apiserver.audit;

import org.jspecify.annotations.NullMarked;
