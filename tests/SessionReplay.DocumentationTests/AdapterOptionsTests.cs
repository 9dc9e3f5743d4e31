using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using SessionReplay.Testing;

namespace SessionReplay.DocumentationTests;

/// <summary>What the options of all adapters have in common.</summary>
public sealed class AdapterOptionsTests
{
    private const string Usual = "SessionReplay";

    public static TheoryData<string, string> Roots
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (section, _) in Libraries.Adapters)
            {
                data.Add(Usual, section[(Usual.Length + 1)..]);
                data.Add("Own:Replay", section[(Usual.Length + 1)..]);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public void Configure_OptionsOutOfRange_ErrorsNameTheirPaths(string root, string adapter)
    {
        using var folder = new TempFolder();
        var options = Libraries.Adapters.Single(known => known.Section == $"{Usual}:{adapter}").Options;
        var path = $"{root}:{adapter}";
        var bad = options.GetProperties().Select(property => (property.Name, Value: OutOfRange(property)))
            .Where(option => option.Value is not null).ToList();
        var settings = bad.ToDictionary(option => $"{path}:{option.Name}", option => option.Value);
        settings[$"{root}:{adapter.Split(':')[0]}:Provider"] = adapter.Split(':')[1];
        if (adapter == "Storage:Replicated")
        {
            foreach (var member in new[] { "Primary", "Secondaries:0" })
            {
                settings[$"{path}:{member}:Name"] = member[..1].ToLowerInvariant();
                settings[$"{path}:{member}:Provider"] = "Local";
            }
        }

        var failures = Failures(folder, root, settings);

        Assert.NotEmpty(bad);
        Assert.All(
            bad, option => Assert.Contains(failures, failure => failure.StartsWith($"'{path}:{option.Name}' ", StringComparison.Ordinal)));
        Assert.All(failures, failure => Assert.DoesNotContain("Options", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_OfOneName_AreOfOneType() =>
        Assert.All(
            Libraries.Adapters.SelectMany(adapter => adapter.Options.GetProperties())
                .Where(option => option.SetMethod is { IsPublic: true })
                .GroupBy(option => option.Name),
            alike =>
                Assert.Single(alike.Select(option => Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType).Distinct()));

    private static string? OutOfRange(PropertyInfo property)
    {
        if (property.GetCustomAttributes().Any(attribute => attribute.GetType().Name == "TimeRangeAttribute"))
        {
            return "-00:00:01";
        }

        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            return (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture);
        }

        return property.GetCustomAttribute<RequiredAttribute>() is null ? null : "";
    }

    private static List<string> Failures(TempFolder folder, string root, Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IHostEnvironment>(
            new HostingEnvironment { ContentRootPath = folder.FullPath, EnvironmentName = "Development" });
        settings[$"{root}:Tenants:0:Id"] = "a";
        settings[$"{root}:Tenants:0:WriteKeys:0:Key"] = "wk_12345678";
        services.AddSessionReplay(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection(root));
        using var provider = services.BuildServiceProvider();
        var thrown = Record.Exception(provider.GetRequiredService<IStartupValidator>().Validate);
        var refusals = thrown is AggregateException many ? many.InnerExceptions : [thrown!];
        return [.. refusals.Cast<OptionsValidationException>().SelectMany(refusal => refusal.Failures)];
    }
}
