using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.AzureBlob;

/// <summary>Options of the Azure blob store; section <c>SessionReplay:Storage:AzureBlob</c>.</summary>
public sealed class AzureBlobStorageOptions
{
    /// <summary>Gets or sets the connection string of the storage account.</summary>
    /// <value>For instance <c>DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…</c>. The default value is empty: required, unless
    /// <see cref="ServiceKey"/> is set.</value>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>Gets or sets the bucket, which Azure calls a container.</summary>
    /// <value>Required: 3 to 63 lower-case letters, digits and hyphens.</value>
    [Required(ErrorMessage = "{0} is missing: name the bucket (container) that keeps the recordings.")]
    [RegularExpression("[a-z0-9](-?[a-z0-9]){2,62}", ErrorMessage = "{0} must have 3 to 63 lower-case letters, digits and single hyphens.")]
    public string Bucket { get; set; } = string.Empty;

    /// <summary>Gets or sets what every blob's name begins with, for a bucket that holds other things too.</summary>
    /// <value>Empty, or ends with a slash; at most 128 characters. The default value is empty.</value>
    [RegularExpression("([A-Za-z0-9_.-]+/)*", ErrorMessage = "{0} must be empty or end with '/', for instance 'replay/'.")]
    [StringLength(128)]
    public string KeyPrefix { get; set; } = string.Empty;

    /// <summary>
    /// Gets or sets the key under which the application has registered a <c>BlobServiceClient</c> of its own, for instance one with a
    /// managed identity, which is then used and never disposed.
    /// </summary>
    /// <value>A key of a keyed singleton; an empty text means the unkeyed one. The default value is <see langword="null"/>: a client is
    /// made.</value>
    public string? ServiceKey { get; set; }

    /// <summary>
    /// Gets or sets the storage class of recording objects, which Azure calls an access tier (parts of live sessions stay in the account's
    /// default tier).
    /// </summary>
    /// <value>Empty, <c>Hot</c>, <c>Cool</c> or <c>Cold</c>. The default value is empty: the account's own.</value>
    [RegularExpression(
        "|Hot|Cool|Cold", ErrorMessage = "{0} must be empty, 'Hot', 'Cool' or 'Cold'; an archived recording could not be played.")]
    public string StorageClass { get; set; } = string.Empty;

    /// <summary>
    /// Gets or sets the encryption scope of the account under which blobs are written, in addition to our own encryption.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: the account's own.</value>
    public string? EncryptionScope { get; set; }

    /// <summary>
    /// Gets or sets the size in bytes from which objects are uploaded in parts, which Azure calls blocks, and the size of those parts.
    /// </summary>
    /// <value>From 1 MiB to 256 MiB. The default value is 8 MiB.</value>
    [Range(1024 * 1024, 256 * 1024 * 1024)]
    public int PartBytes { get; set; } = 8 * 1024 * 1024;
}
