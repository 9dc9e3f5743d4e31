using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Storage.PostgreSql.Catalog;
using SessionReplay.Testing;

namespace SessionReplay.Storage.PostgreSql.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("", "public_x", "names no host")]
    [InlineData("Host=a;Nonsense=secret-1", "public_x", "not a connection string")]
    [InlineData("Host=a", "x; DROP TABLE y", "'SessionReplay:Catalog:PostgreSql:Schema' must be")]
    [InlineData("Host=a", "Upper", "'SessionReplay:Catalog:PostgreSql:Schema' must be")]
    public void Validate_BadOptions_SaysWhatAndWhere(string connection, string schema, string expected)
    {
        var builder = new TestBuilder();
        builder.AddPostgreSqlCatalog(options => (options.ConnectionString, options.Schema) = (connection, schema));
        using var services = builder.Services.BuildServiceProvider();

        var e = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<PostgreSqlCatalogOptions>>().Value);

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", e.ToString(), StringComparison.Ordinal);
    }
}
