namespace SessionReplay.Storage.S3;

/// <summary>Names a service that speaks S3, so that its endpoint and addressing need not be spelled out.</summary>
public enum S3Preset
{
    /// <summary>Amazon S3: the endpoint follows from <see cref="S3StorageOptions.Region"/>.</summary>
    Aws,

    /// <summary>DigitalOcean Spaces: <c>https://{Region}.digitaloceanspaces.com</c>, for instance region <c>fra1</c>.</summary>
    DigitalOceanSpaces,

    /// <summary>Cloudflare R2: <c>https://{AccountId}.r2.cloudflarestorage.com</c>, region <c>auto</c>.</summary>
    CloudflareR2,

    /// <summary>MinIO: <see cref="S3StorageOptions.ServiceUrl"/> is required, objects are addressed by path.</summary>
    MinIO,

    /// <summary>Ceph radosgw: <see cref="S3StorageOptions.ServiceUrl"/> is required, objects are addressed by path.</summary>
    Ceph,
}
