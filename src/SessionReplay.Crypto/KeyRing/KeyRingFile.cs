using System.Text.Json;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.Crypto.KeyRing;

/// <summary>Reads and writes the key ring's file: whole or not at all, and for its owner's eyes only.</summary>
internal sealed class KeyRingFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path = Path.GetFullPath(path);

    public bool Exists => File.Exists(_path);

    public DateTime LastWriteTimeUtc => File.GetLastWriteTimeUtc(_path);

    public KeyRingContent Read()
    {
        CheckMode();
        try
        {
            using var stream = File.OpenRead(_path);
            var content = JsonSerializer.Deserialize(stream, KeyRingJson.Default.KeyRingContent);
            return content is { Keys.Count: > 0 } && content.Keys.Any(k => k.Id == content.Current) && content.Keys.All(k => k.Key.Length == 32)
                ? content
                : throw new KeyManagementException($"The key ring {_path} holds no current key of 32 bytes. Restore it from a backup.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new KeyManagementException($"The key ring {_path} cannot be read. Check its permissions, or restore it from a backup.", e);
        }
    }

    /// <summary>Writes the ring for the first time.</summary>
    /// <returns><see langword="false"/> when another process was first; its ring stands.</returns>
    public bool TryCreate(KeyRingContent content)
    {
        var temporary = WriteTemporary(content);
        try
        {
            // A hard link is made only if the name is free: atomic, also between processes.
            return HardLink.TryCreate(temporary, _path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public void Replace(KeyRingContent content)
    {
        var temporary = WriteTemporary(content);
        try
        {
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw NotWritten(e);
        }

        DurableFolder.Flush(Path.GetDirectoryName(_path)!);
    }

    /// <summary>Takes the lock that keeps two processes from rotating at once. Its file stays: who opened one that is being deleted would hold a lock that nobody else sees.</summary>
    public FileStream Lock()
    {
        try
        {
            return new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e)
        {
            throw new KeyManagementException($"Another process is rotating the key ring {_path}. Try again when it has ended.", e);
        }
    }

    private string WriteTemporary(KeyRingContent content)
    {
        var folder = Path.GetDirectoryName(_path)!;
        var temporary = Path.Combine(folder, $".key-ring-{Guid.CreateVersion7():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var stream = new FileStream(temporary, options);
            JsonSerializer.Serialize(stream, content, KeyRingJson.Default.KeyRingContent);
            stream.Flush(flushToDisk: true);
            return temporary;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not leave keys behind.
            File.Delete(temporary);
            throw NotWritten(e);
        }
    }

    private KeyManagementException NotWritten(Exception e) => new($"The key ring {_path} cannot be written. Check the folder's permissions and space.", e);

    private void CheckMode()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_path) && (File.GetUnixFileMode(_path) & ~OwnerOnly) != 0)
        {
            throw new KeyManagementException($"The key ring {_path} can be read by others than its owner. Run: chmod 600 '{_path}'");
        }
    }
}
