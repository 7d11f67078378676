/// Decisions by another server, asked with SubjectAccessReviews (the mode `Webhook`).
@NullMarked
package io.j8s.apiserver.authorization.webhook;

import org.jspecify.annotations.NullMarked;
