using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.AzureBlob;

/// <summary>Options of the Azure blob store; section <c>SessionReplay:Storage:AzureBlob</c>.</summary>
public sealed class AzureBlobStorageOptions
{
    /// <summary>Gets or sets the connection string of the storage account.</summary>
    /// <value>The default value is <see langword="null"/>: then <see cref="ServiceKey"/> is required.</value>
    public string? ConnectionString { get; set; }

    /// <summary>Gets or sets the container.</summary>
    /// <value>Required: 3 to 63 lower-case letters, digits and hyphens.</value>
    [Required(ErrorMessage = "SessionReplay:Storage:AzureBlob:Container is missing: name the container that keeps the recordings.")]
    [RegularExpression("[a-z0-9](-?[a-z0-9]){2,62}", ErrorMessage = "SessionReplay:Storage:AzureBlob:Container must have 3 to 63 lower-case letters, digits and single hyphens.")]
    public string Container { get; set; } = string.Empty;

    /// <summary>Gets or sets what every blob's name begins with, for a container that holds other things too.</summary>
    /// <value>Empty, or ends with a slash; at most 128 characters. The default value is empty.</value>
    [RegularExpression("([A-Za-z0-9_.-]+/)*", ErrorMessage = "SessionReplay:Storage:AzureBlob:KeyPrefix must be empty or end with '/', for instance 'replay/'.")]
    [StringLength(128)]
    public string KeyPrefix { get; set; } = string.Empty;

    /// <summary>Gets or sets the service key of a <c>BlobServiceClient</c> that the application has registered, for instance one with a managed identity.</summary>
    /// <value>The default value is <see langword="null"/>: the adapter makes a client of <see cref="ConnectionString"/>.</value>
    public string? ServiceKey { get; set; }

    /// <summary>Gets or sets the access tier of recording objects (parts of live sessions stay in the account's default tier).</summary>
    /// <value>Empty, <c>Hot</c>, <c>Cool</c> or <c>Cold</c>. The default value is empty: the account's own.</value>
    [RegularExpression("|Hot|Cool|Cold", ErrorMessage = "SessionReplay:Storage:AzureBlob:AccessTier must be empty, 'Hot', 'Cool' or 'Cold'; an archived recording could not be played.")]
    public string AccessTier { get; set; } = string.Empty;

    /// <summary>Gets or sets the encryption scope of the account under which blobs are written, in addition to our own encryption.</summary>
    /// <value>The default value is <see langword="null"/>: the account's own.</value>
    public string? EncryptionScope { get; set; }

    /// <summary>Gets or sets the size from which blobs are uploaded in blocks, and the size of those blocks.</summary>
    /// <value>In bytes, from 1 MiB to 256 MiB. The default value is 8 MiB.</value>
    [Range(1024 * 1024, 256 * 1024 * 1024)]
    public int BlockSize { get; set; } = 8 * 1024 * 1024;
}
