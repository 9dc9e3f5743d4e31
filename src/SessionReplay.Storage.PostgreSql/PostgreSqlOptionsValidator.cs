using Microsoft.Extensions.Options;
using Npgsql;

namespace SessionReplay.Storage.PostgreSql;

/// <summary>Refuses a missing or malformed connection string at the start, without repeating its text: it may hold a password.</summary>
internal sealed class PostgreSqlOptionsValidator<TOptions, TAttributesValidator> : IValidateOptions<TOptions>
    where TOptions : PostgreSqlOptions
    where TAttributesValidator : IValidateOptions<TOptions>, new()
{
    private const string Example = "Write for instance Host=db;Username=replay;Password=…;Database=replay.";

    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        new TAttributesValidator().Validate(name, options).With(options.ServiceKey is null ? Check(options.ConnectionString) : []);

    private static IEnumerable<string> Check(string connectionString)
    {
        const string Option = nameof(PostgreSqlOptions.ConnectionString);
        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host)
                ? [$"{typeof(TOptions).Name}.{Option} names no host. {Example}"]
                : [];
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return [$"{typeof(TOptions).Name}.{Option} is not a connection string of Npgsql. {Example}"];
        }
    }
}
