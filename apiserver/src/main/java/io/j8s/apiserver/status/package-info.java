/// How the API server says no: refusals with the code, reason and details of the API's Status, and errors of single fields.
@NullMarked
package io.j8s.apiserver.status;

import org.jspecify.annotations.NullMarked;
