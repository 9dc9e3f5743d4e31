using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Storage.PostgreSql;

/// <summary>What the catalog and the key store have in common: where the database is.</summary>
public abstract class PostgreSqlOptions
{
    private protected PostgreSqlOptions(string schema) => Schema = schema;

    /// <summary>Gets or sets where the database is and as whom to sign in.</summary>
    /// <value>A connection string of Npgsql, for instance <c>Host=db;Username=replay;Password=…;Database=replay;SSL Mode=VerifyFull</c>.
    /// The default value is empty: required, unless <c>ServiceKey</c> is set.</value>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Gets or sets the key under which the application has registered an <c>NpgsqlDataSource</c> of its own (for instance with passwords
    /// that change), which is then used and never disposed.
    /// </summary>
    /// <value>A key of a keyed singleton; an empty text means the unkeyed one. The default value is <see langword="null"/>: a data source
    /// is made.</value>
    public string? ServiceKey { get; set; }

    /// <summary>Gets or sets the schema of the tables. It is made when it is not there.</summary>
    /// <value>1 to 63 characters of <c>a</c>–<c>z</c>, <c>0</c>–<c>9</c> and <c>_</c>, not beginning with a digit.</value>
    [RegularExpression(
        "^[a-z_][a-z0-9_]{0,62}$", ErrorMessage = "{0} must be 1 to 63 characters of a-z, 0-9 and _, not beginning with a digit.")]
    public string Schema { get; set; }

    /// <summary>
    /// Gets or sets how long opening a connection may take. A statement on a server that hangs ends at most this long after its time-out,
    /// because Npgsql asks the server over a second connection to cancel it. A data source of the application (<c>ServiceKey</c>) has its
    /// own time.
    /// </summary>
    /// <value>From 1 second to 1 minute. The default value is 5 seconds.</value>
    [TimeRange("00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets or sets how long one statement may take, and after what time the server ends a transaction whose process has stopped between
    /// two of them. A data source of the application (<c>ServiceKey</c>) has its own time for statements.
    /// </summary>
    /// <value>From 1 second to 5 minutes. The default value is 15 seconds.</value>
    [TimeRange("00:00:01", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
