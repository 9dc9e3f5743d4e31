using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.S3;

/// <summary>Options of the S3 blob store; section <c>SessionReplay:Storage:S3</c>.</summary>
public sealed class S3StorageOptions
{
    /// <summary>Gets or sets the service.</summary>
    /// <value><c>Aws</c>, <c>DigitalOceanSpaces</c>, <c>CloudflareR2</c>, <c>MinIO</c> or <c>Ceph</c>. The default value is
    /// <c>Aws</c>.</value>
    public S3Preset Preset { get; set; }

    /// <summary>Gets or sets the bucket.</summary>
    /// <value>Required: 3 to 63 characters.</value>
    [Required(ErrorMessage = "{0} is missing: name the bucket that keeps the recordings.")]
    [StringLength(63, MinimumLength = 3, ErrorMessage = "{0} must have 3 to 63 characters.")]
    public string Bucket { get; set; } = string.Empty;

    /// <summary>Gets or sets what every key begins with, for a bucket that holds other things too.</summary>
    /// <value>Empty, or ends with a slash; at most 128 characters. The default value is empty.</value>
    [RegularExpression("([A-Za-z0-9_.-]+/)*", ErrorMessage = "{0} must be empty or end with '/', for instance 'replay/'.")]
    [StringLength(128)]
    public string KeyPrefix { get; set; } = string.Empty;

    /// <summary>Gets or sets the region.</summary>
    /// <value>The default value is <see langword="null"/>: the SDK's own sources (environment, profile, instance) decide.</value>
    public string? Region { get; set; }

    /// <summary>Gets or sets the endpoint of a service that is not Amazon's.</summary>
    /// <value>An absolute http or https URL. The default value is <see langword="null"/>: the preset decides.</value>
    [Url]
    public string? ServiceUrl { get; set; }

    /// <summary>Gets or sets the account id that is part of the endpoint of Cloudflare R2.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public string? AccountId { get; set; }

    /// <summary>Gets or sets whether the bucket is part of the path and not of the host name.</summary>
    /// <value>The default value is <see langword="null"/>: the preset decides (by path for MinIO and Ceph).</value>
    public bool? ForcePathStyle { get; set; }

    /// <summary>Gets or sets the access key.</summary>
    /// <value>The default value is <see langword="null"/>: the SDK's own sources decide.</value>
    public string? AccessKey { get; set; }

    /// <summary>Gets or sets the secret of the access key.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public string? SecretKey { get; set; }

    /// <summary>
    /// Gets or sets the key under which the application has registered an <c>IAmazonS3</c> of its own, which is then used and never
    /// disposed.
    /// </summary>
    /// <value>A key of a keyed singleton; an empty text means the unkeyed one. The default value is <see langword="null"/>: a client is
    /// made.</value>
    public string? ServiceKey { get; set; }

    /// <summary>Gets or sets the server's own encryption of objects at rest, in addition to SessionReplay's.</summary>
    /// <value>Empty, <c>AES256</c> or <c>aws:kms</c>. The default value is empty.</value>
    [RegularExpression("|AES256|aws:kms", ErrorMessage = "{0} must be empty, 'AES256' or 'aws:kms'.")]
    public string ServerSideEncryption { get; set; } = string.Empty;

    /// <summary>Gets or sets the key of the server's key management for <c>aws:kms</c>.</summary>
    /// <value>The default value is <see langword="null"/>: the bucket's own.</value>
    public string? KmsKeyId { get; set; }

    /// <summary>Gets or sets the storage class of recording objects (parts of live sessions stay in the bucket's default class).</summary>
    /// <value>For instance <c>STANDARD_IA</c>. The default value is empty: the bucket's own.</value>
    public string StorageClass { get; set; } = string.Empty;

    /// <summary>
    /// Gets or sets whether objects that are written once (parts of live sessions, assets) are written with <c>If-None-Match: *</c>, so
    /// that nothing can replace them.
    /// </summary>
    /// <value>The default value is <see langword="true"/>. Turn it off for a service that refuses the header (status 501).</value>
    public bool ConditionalWrites { get; set; } = true;

    /// <summary>Gets or sets the size in bytes from which objects are uploaded in parts, and the size of those parts.</summary>
    /// <value>From 5 MiB to 1 GiB. The default value is 8 MiB.</value>
    [Range(5 * 1024 * 1024, 1024 * 1024 * 1024)]
    public int PartBytes { get; set; } = 8 * 1024 * 1024;
}
