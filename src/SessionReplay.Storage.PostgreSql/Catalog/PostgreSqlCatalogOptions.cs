using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>Options of the catalog and audit log on PostgreSQL; section <c>SessionReplay:Catalog:PostgreSql</c>.</summary>
/// <remarks>The default value of <see cref="PostgreSqlOptions.Schema"/> is <c>session_replay</c>.</remarks>
public sealed class PostgreSqlCatalogOptions() : PostgreSqlOptions("session_replay")
{
    /// <summary>
    /// Gets or sets the size of the tables with recorded bytes at which no more is recorded. They hold sessions until these have ended and
    /// been written to the blob store: they grow that far when the store is away. From then on batches are answered with 503, and recorders
    /// send them again.
    /// </summary>
    /// <value>In bytes, from 67,108,864 (64 MiB) to 17,592,186,044,416 (16 TiB). The default value is 137,438,953,472 (128 GiB). The
    /// server's disk must have room for it, and for the log.</value>
    [Range(64L << 20, 16L << 40)]
    public long MaxBytes { get; set; } = 128L << 30;
}
