using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.Gcs;

/// <summary>Options of the Google Cloud Storage blob store; section <c>SessionReplay:Storage:Gcs</c>.</summary>
public sealed class GcsStorageOptions
{
    /// <summary>Gets or sets the bucket.</summary>
    /// <value>Required: 3 to 222 characters.</value>
    [Required(ErrorMessage = "{0} is missing: name the bucket that keeps the recordings.")]
    [StringLength(222, MinimumLength = 3, ErrorMessage = "{0} must have 3 to 222 characters.")]
    public string Bucket { get; set; } = string.Empty;

    /// <summary>Gets or sets what every object's name begins with, for a bucket that holds other things too.</summary>
    /// <value>Empty, or ends with a slash; at most 128 characters. The default value is empty.</value>
    [RegularExpression("([A-Za-z0-9_.-]+/)*", ErrorMessage = "{0} must be empty or end with '/', for instance 'replay/'.")]
    [StringLength(128)]
    public string KeyPrefix { get; set; } = string.Empty;

    /// <summary>
    /// Gets or sets the file with credentials: of a service account, of a workload identity (external account), impersonated, or of a user.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: the application default credentials (environment, metadata server) are
    /// used.</value>
    public string? CredentialsFile { get; set; }

    /// <summary>Gets or sets the project a bucket is made in by the operator's set-up command.</summary>
    /// <value>The default value is <see langword="null"/>: the bucket must be there.</value>
    public string? ProjectId { get; set; }

    /// <summary>Gets or sets the endpoint, for a private endpoint or an emulator.</summary>
    /// <value>An absolute http or https URL. The default value is <see langword="null"/>: <c>https://storage.googleapis.com</c>.</value>
    [Url(ErrorMessage = "{0} must be an absolute http or https URL.")]
    public string? ServiceUrl { get; set; }

    /// <summary>Gets or sets whether requests are sent without credentials, as an emulator wants it.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Anonymous { get; set; }

    /// <summary>
    /// Gets or sets the key under which the application has registered a <c>StorageClient</c> of its own, which is then used as it is and
    /// never disposed.
    /// </summary>
    /// <value>A key of a keyed singleton; an empty text means the unkeyed one. The default value is <see langword="null"/>: a client is
    /// made, which repeats nothing by itself.</value>
    public string? ServiceKey { get; set; }

    /// <summary>
    /// Gets or sets the key of the service's key management that objects are encrypted with, in addition to our own encryption.
    /// </summary>
    /// <value><c>projects/…/cryptoKeys/…</c>. The default value is <see langword="null"/>: the bucket's own.</value>
    public string? KmsKeyId { get; set; }

    /// <summary>Gets or sets the storage class of recording objects (parts of live sessions stay in the bucket's default class).</summary>
    /// <value>For instance <c>NEARLINE</c>. The default value is empty: the bucket's own.</value>
    public string StorageClass { get; set; } = string.Empty;

    /// <summary>Gets or sets the size in bytes from which objects are uploaded in parts, and the size of those parts.</summary>
    /// <value>A multiple of 256 KiB from 256 KiB to 1 GiB. The default value is 8 MiB.</value>
    [Range(256 * 1024, 1024 * 1024 * 1024)]
    public int PartBytes { get; set; } = 8 * 1024 * 1024;
}
