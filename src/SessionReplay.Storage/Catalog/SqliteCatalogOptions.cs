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

    /// <summary>Gets or sets the file of the audit log.</summary>
    /// <value>A path; a relative one begins at the content root of the application, not in the data directory. The default value is
    /// <c>audit.db</c> in the data directory.</value>
    [Required(ErrorMessage = "{0} is empty: name the file that keeps the audit log.")]
    public string AuditPath { get; set; } = "audit.db";
}
