using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.Blobs;

/// <summary>Options of the blob store in a local folder; section <c>SessionReplay:Storage:Local</c>.</summary>
public sealed class LocalBlobStoreOptions
{
    /// <summary>Gets or sets the folder. It is made when it is not there; nothing else may be kept in it.</summary>
    /// <value>The default value is <c>blobs</c> in the working directory; <c>AddSessionReplay</c> places it in its data directory.</value>
    [Required(ErrorMessage = "{0} is empty: name the folder that keeps the recordings.")]
    public string Path { get; set; } = "blobs";
}
