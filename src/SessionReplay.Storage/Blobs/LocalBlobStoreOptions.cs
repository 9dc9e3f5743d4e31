using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.Blobs;

/// <summary>Options of the blob store in a local folder; section <c>SessionReplay:Storage:Local</c>.</summary>
public sealed class LocalBlobStoreOptions
{
    /// <summary>Gets or sets the folder. It is made when it is not there; nothing else may be kept in it.</summary>
    /// <value>A path; a relative one begins at the content root of the application, not in the data directory. The default value is
    /// <c>blobs</c> in the data directory; for a member of <c>Replicated</c>, <c>blobs</c> in the content root.</value>
    [Required(ErrorMessage = "{0} is empty: name the folder that keeps the recordings.")]
    public string Path { get; set; } = "blobs";

    /// <summary>
    /// Gets or sets how many bytes the objects in the folder may have together. What comes beyond waits in the queue until sessions are
    /// deleted.
    /// </summary>
    /// <value>From 1 MiB to 1 PiB. The default value is <see langword="null"/>: the disk alone is the bound.</value>
    [Range(1L << 20, 1L << 50)]
    public long? MaxBytes { get; set; }

    /// <summary>
    /// Gets or sets how many bytes of the disk are left free, so that databases on it can go on and deletions can make room.
    /// </summary>
    /// <value>From 0 to 1 TiB. The default value is 256 MiB.</value>
    [Range(0L, 1L << 40)]
    public long MinFreeBytes { get; set; } = 256L << 20;
}
