using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.Gcs;

/// <summary>Options of the Google Cloud Storage blob store; section <c>SessionReplay:Storage:Gcs</c>.</summary>
public sealed class GcsStorageOptions
{
    /// <summary>Gets or sets the bucket.</summary>
    /// <value>Required: 3 to 222 characters.</value>
    [Required(ErrorMessage = "SessionReplay:Storage:Gcs:Bucket is missing: name the bucket that keeps the recordings.")]
    [StringLength(222, MinimumLength = 3, ErrorMessage = "SessionReplay:Storage:Gcs:Bucket must have 3 to 222 characters.")]
    public string Bucket { get; set; } = string.Empty;

    /// <summary>Gets or sets what every object's name begins with, for a bucket that holds other things too.</summary>
    /// <value>Empty, or ends with a slash; at most 128 characters. The default value is empty.</value>
    [RegularExpression("([A-Za-z0-9_.-]+/)*", ErrorMessage = "SessionReplay:Storage:Gcs:KeyPrefix must be empty or end with '/', for instance 'replay/'.")]
    [StringLength(128)]
    public string KeyPrefix { get; set; } = string.Empty;

    /// <summary>Gets or sets the file with the credentials of a service account.</summary>
    /// <value>The default value is <see langword="null"/>: the application default credentials (environment, metadata server) are used.</value>
    public string? CredentialsFile { get; set; }

    /// <summary>Gets or sets the project a bucket is made in by the operator's set-up command.</summary>
    /// <value>The default value is <see langword="null"/>: the bucket must be there.</value>
    public string? ProjectId { get; set; }

    /// <summary>Gets or sets the endpoint, for a private endpoint or an emulator.</summary>
    /// <value>An absolute http or https URL. The default value is <c>https://storage.googleapis.com</c>.</value>
    [Required]
    [Url(ErrorMessage = "SessionReplay:Storage:Gcs:Endpoint must be an absolute http or https URL.")]
    public string Endpoint { get; set; } = "https://storage.googleapis.com";

    /// <summary>Gets or sets whether requests are sent without credentials, as an emulator wants it.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Anonymous { get; set; }

    /// <summary>Gets or sets the service key of an <c>HttpClient</c> that the application has registered and that signs requests itself.</summary>
    /// <value>The default value is <see langword="null"/>: the adapter makes a client of its own.</value>
    public string? ServiceKey { get; set; }

    /// <summary>Gets or sets the key of Cloud KMS that objects are encrypted with, in addition to our own encryption.</summary>
    /// <value><c>projects/…/cryptoKeys/…</c>. The default value is <see langword="null"/>: the bucket's own.</value>
    public string? KmsKeyName { get; set; }

    /// <summary>Gets or sets the storage class of recording objects (parts of live sessions stay in the bucket's default class).</summary>
    /// <value>For instance <c>NEARLINE</c>. The default value is empty: the bucket's own.</value>
    public string StorageClass { get; set; } = string.Empty;

    /// <summary>Gets or sets the size from which objects are uploaded in parts, and the size of those parts.</summary>
    /// <value>In bytes, a multiple of 256 KiB from 256 KiB to 1 GiB. The default value is 16 MiB.</value>
    [Range(256 * 1024, 1024 * 1024 * 1024)]
    public int PartSize { get; set; } = 16 * 1024 * 1024;
}
