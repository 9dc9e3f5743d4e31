using Microsoft.Extensions.Options;
using SessionReplay.Queues;
using SessionReplay.Storage.Blobs;

namespace SessionReplay.AspNetCore;

/// <summary>
/// The embedded queue and the blob folder leave a part of their disk free. On one disk the queue must stop first: what it holds can then
/// still be stored, and the databases have room for deletions.
/// </summary>
internal sealed class DiskFloors(
    IOptions<LocalBlobStoreOptions> blobs, IEnumerable<IValidateOptions<LocalBlobStoreOptions>> blobChecks, SettingsPath root)
        : IValidateOptions<SqliteQueueOptions>
{
    public ValidateOptionsResult Validate(string? name, SqliteQueueOptions options)
    {
        // Another blob store registers no checks of the folder's settings.
        if (!blobChecks.Any() || options.Path is not { Length: > 0 } || options.MinFreeBytes > blobs.Value.MinFreeBytes
            || DiskOf(options.Path) != DiskOf(blobs.Value.Path))
        {
            return ValidateOptionsResult.Success;
        }

        return ValidateOptionsResult.Fail(
            $"'{root.Value}:Queue:Sqlite:MinFreeBytes' is {options.MinFreeBytes} and '{root.Value}:Storage:Local:MinFreeBytes' is {blobs.Value.MinFreeBytes}, on one disk. "
            + "Give the queue the greater value, so that what it holds can still be stored when it takes no more.");
    }

    private static string? DiskOf(string path) => DriveInfo.GetDrives().Select(drive => drive.Name)
        .Where(mount =>
            Path.GetFullPath(path)
                .StartsWith(Path.EndsInDirectorySeparator(mount) ? mount : mount + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        .MaxBy(mount => mount.Length);
}
