using System.IO.Compression;
using System.Xml.Linq;
using SessionReplay.PackageTests;
using SessionReplay.Testing;

namespace SessionReplay.GuideTests;

/// <summary>Backup and restore, and upgrading and going back, with an application that has a session.</summary>
public sealed class KeepingTests
{
    private const string NewVersion = "0.2.0";

    [SkippableFact]
    public async Task Guides_Followed_RestoreABackupUpgradeAndGoBack()
    {
        Peer.Require("/usr/bin/sqlite3", "apt-get install -y sqlite3");
        using var app = await GuideApp.FollowAsync(("mvc-and-razor-pages", "razor"), ("backup-and-restore", "shop"));
        await app.BuildAsync();
        var (data, backup, keys) = (Path.Combine(app.ProjectFolder, "session-replay-data"), app.Beside("backup"), app.Beside("keys"));
        await using (var running = await RunningApp.StartAsync(app))
        {
            await VisitAsync(running);
            await app.RunAsync($"sh backup.sh '{data}' '{backup}' '{keys}'");
            await running.StopAsync();
        }

        // A disk is lost.
        Directory.Delete(data, recursive: true);
        await app.RunAsync($"sh restore.sh '{backup}' '{keys}' '{data}'");
        await app.FollowAsync("backup-and-restore", "check");
        await PlayAsync(app);

        // The same code under a newer version stands for the next release.
        await OfferUpgradeAsync(app);
        await app.FollowAsync("upgrading", "upgrade");
        await app.BuildAsync();
        Assert.Contains($"SessionReplay.AspNetCore/{NewVersion}", await DependenciesAsync(app), StringComparison.Ordinal);
        await PlayAsync(app);

        await app.FollowAsync("upgrading", "back");
        await app.BuildAsync();
        Assert.DoesNotContain(NewVersion, await DependenciesAsync(app), StringComparison.Ordinal);
        await PlayAsync(app);

        await ProveNewerDatabaseIsRefusedAsync(app, data);
        Directory.Delete(data, recursive: true);
        await app.RunAsync($"sh restore.sh '{backup}' '{keys}' '{data}'");
        await PlayAsync(app);
    }

    /// <summary>A newer version has changed a database: the old one does not start, and a restored backup is its way back.</summary>
    private static async Task ProveNewerDatabaseIsRefusedAsync(GuideApp app, string data)
    {
        await app.RunAsync($"sqlite3 '{data}/catalog.db' 'PRAGMA user_version = 99'");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningApp.StartAsync(app));
        Assert.Contains("SessionReplay cannot start: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("catalog.db was written by a newer version (schema 99, this one knows", failure.Message, StringComparison.Ordinal);
    }

    private static async Task VisitAsync(RunningApp running)
    {
        await using (var visitor = await Visitor.ComeAsync(running.Url))
        {
            await visitor.OpenAsync("/");
            await visitor.LeaveAsync();
        }

        await running.FindSessionAsync("event=left");
    }

    private static async Task PlayAsync(GuideApp app)
    {
        await using var running = await RunningApp.StartAsync(app);
        await using var viewer = await Visitor.ComeAsync(running.Url);
        await viewer.PlayAsync("/session-replay", "Welcome");
        Assert.Empty(viewer.Complaints);
        await running.StopAsync();
    }

    private static Task<string> DependenciesAsync(GuideApp app) =>
        File.ReadAllTextAsync(Path.Combine(app.ProjectFolder, "bin", "Debug", "net10.0", "Shop.deps.json"));

    /// <summary>Gives the packages a newer version, and adds them as a source.</summary>
    private static async Task OfferUpgradeAsync(GuideApp app)
    {
        var (feed, newer) = ((await Workshop.GetAsync()).Feed, app.Beside("newer"));
        Directory.CreateDirectory(newer);
        foreach (var id in new[] { "Abstractions", "Format", "Pipeline", "Crypto", "Queues", "Storage", "AspNetCore", "Player" })
        {
            await SetVersionAsync($"SessionReplay.{id}", feed, newer);
        }

        var config = app.Beside("nuget.config");
        var sources = await File.ReadAllTextAsync(config);
        await File.WriteAllTextAsync(
            config,
            sources.Replace("</packageSources>", $"""<add key="newer" value="{newer}" /></packageSources>""", StringComparison.Ordinal));
    }

    /// <summary>Copies a package under the newer version, which its own nuspec and those that depend on it name.</summary>
    private static async Task SetVersionAsync(string id, Feed feed, string newer)
    {
        var package = Path.Combine(newer, $"{id}.{NewVersion}.nupkg");
        File.Copy(Path.Combine(feed.FullPath, $"{id}.{feed.Version}.nupkg"), package);
        await using var archive = await ZipFile.OpenAsync(package, ZipArchiveMode.Update);
        await using var stream = await archive.GetEntry($"{id}.nuspec")!.OpenAsync();
        var nuspec = XDocument.Load(stream);
        nuspec.Descendants().Single(element => element.Name.LocalName == "version").Value = NewVersion;
        foreach (var dependency in nuspec.Descendants().Where(element => element.Name.LocalName == "dependency"))
        {
            if (dependency.Attribute("id")!.Value.StartsWith("SessionReplay.", StringComparison.Ordinal))
            {
                dependency.SetAttributeValue("version", NewVersion);
            }
        }

        stream.SetLength(0);
        await nuspec.SaveAsync(stream, SaveOptions.None, default);
    }
}
