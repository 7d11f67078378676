/// Attaches volumes to the nodes whose pods use them, by VolumeAttachments that the volumes' drivers act on, and detaches them afterwards.
@NullMarked
package io.j8s.controllers.attachdetach;

import org.jspecify.annotations.NullMarked;
