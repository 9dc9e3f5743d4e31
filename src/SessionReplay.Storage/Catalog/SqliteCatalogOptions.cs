using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.Catalog;

/// <summary>Options of the embedded catalog and audit log; section <c>SessionReplay:Catalog:Sqlite</c>.</summary>
public sealed class SqliteCatalogOptions
{
    /// <summary>Gets or sets the file of the catalog.</summary>
    /// <value>A path; a relative one begins at the content root of the application, not in the data directory. The default value is
    /// <c>catalog.db</c> in the data directory.</value>
    [Required(ErrorMessage = "{0} is empty: name the file that keeps the catalog.")]
    public string Path { get; set; } = "catalog.db";

    /// <summary>
    /// Gets or sets how much of sessions the file holds at which no more is recorded. It holds them until they have ended and been written
    /// to the blob store: it grows that far when the store is away. From then on batches are answered with 503, and recorders send them
    /// again. What the catalog knows of sessions that have left, some kilobytes of each, comes on top.
    /// </summary>
    /// <value>In bytes, from 67,108,864 (64 MiB) to 17,592,186,044,416 (16 TiB). The default value is 34,359,738,368 (32 GiB). The disk
    /// must have room for it.</value>
    [Range(64L << 20, 16L << 40)]
    public long MaxBytes { get; set; } = 32L << 30;

    /// <summary>Gets or sets the file of the audit log.</summary>
    /// <value>A path; a relative one begins at the content root of the application, not in the data directory. The default value is
    /// <c>audit.db</c> in the data directory.</value>
    [Required(ErrorMessage = "{0} is empty: name the file that keeps the audit log.")]
    public string AuditPath { get; set; } = "audit.db";
}
