package io.j8s.node.settings;

import java.time.Duration;

/// How a node keeps its disk free.
///
/// @param imageHighPercent how full the images' disk may be before unused ones are removed (`--image-gc-high-threshold`); 100: they never are
/// @param imageLowPercent how full it may stay then (`--image-gc-low-threshold`)
/// @param imageMinimumAge how long an unused image is kept (`--minimum-image-ttl-duration`)
/// @param imageMaximumAge how long at most, however empty the disk is (`imageMaximumGCAge`); zero: for ever
/// @param logBytes a container's log of this size is put aside (`--container-log-max-size`)
/// @param logFiles how many files each container's log has (`--container-log-max-files`)
/// @param logPeriod how often logs are looked at (`containerLogMonitorInterval`)
public record HousekeepingSettings(
        int imageHighPercent, int imageLowPercent, Duration imageMinimumAge, Duration imageMaximumAge, long logBytes, int logFiles, Duration logPeriod) {

    public static final HousekeepingSettings DEFAULT = new HousekeepingSettings(85, 80, Duration.ofMinutes(2), Duration.ZERO, 10L << 20, 5, Duration.ofSeconds(10));

    public HousekeepingSettings {
        if (imageHighPercent < 0 || imageHighPercent > 100 || imageLowPercent < 0 || imageLowPercent > 100) {
            throw new IllegalArgumentException("imageGCHighThresholdPercent and imageGCLowThresholdPercent must be between 0 and 100, inclusive");
        }
        if (imageLowPercent >= imageHighPercent) {
            throw new IllegalArgumentException("imageGCLowThresholdPercent (--image-gc-low-threshold) " + imageLowPercent
                    + " must be less than imageGCHighThresholdPercent (--image-gc-high-threshold) " + imageHighPercent);
        }
        if (logFiles < 2) {
            throw new IllegalArgumentException("containerLogMaxFiles (--container-log-max-files) " + logFiles + " must be at least 2");
        }
    }
}
