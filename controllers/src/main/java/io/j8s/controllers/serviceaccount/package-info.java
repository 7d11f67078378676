/// What every namespace needs for its pods to reach the API: the service account `default`, the root certificate, and tokens in secrets for those who still want them.
@NullMarked
package io.j8s.controllers.serviceaccount;

import org.jspecify.annotations.NullMarked;
