using Microsoft.Extensions.Options;
using Npgsql;

namespace SessionReplay.Storage.PostgreSql;

/// <summary>Refuses a missing or malformed connection string at the start, without repeating its text: it may hold a password.</summary>
internal sealed class ConnectionValidator<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : PostgreSqlOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        if (options.ServiceKey is { Length: > 0 })
        {
            return ValidateOptionsResult.Success;
        }

        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(options.ConnectionString).Host)
                ? ValidateOptionsResult.Fail($"{section}:ConnectionString names no host. Write for instance Host=db;Username=replay;Password=…;Database=replay.")
                : ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return ValidateOptionsResult.Fail(
                $"{section}:ConnectionString is not a connection string of Npgsql. Write for instance Host=db;Username=replay;Password=…;Database=replay.");
        }
    }
}
