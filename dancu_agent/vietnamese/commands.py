"""What the commands and the local service say."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # -- Asking and waiting
    "No answer yet: question %(id)s waits since %(since)s and is not lost.": (
        "Chưa có trả lời: câu hỏi %(id)s đang chờ từ %(since)s và không bị mất."
    ),
    "It is sent by `dancu-agent retry`, or by itself while the service runs.": (
        "Gửi lại bằng `dancu-agent retry`, hoặc tự động gửi khi dịch vụ đang chạy."
    ),
    "%(done)d of %(total)d answered": "đã trả lời %(done)d trên %(total)d",
    "the link is broken, waiting": "đường truyền đang đứt, đang chờ",
    "Personal identification number": "Số định danh cá nhân",
    "Full name": "Họ và tên",
    "Date of birth": "Ngày sinh",
    "Delivery %(name)s: %(n)d questions are on disk.": (
        "Lô %(name)s: đã lưu %(n)d câu hỏi trên đĩa."
    ),
    "Results: dancu-agent results --file %(name)s --format csv": (
        "Xem kết quả: dancu-agent results --file %(name)s --format csv"
    ),
    "There is no question %(id)s here.": "Ở đây không có câu hỏi %(id)s.",
    "Answered questions are deleted after %(days)d days.": (
        "Câu hỏi đã trả lời được xóa sau %(days)d ngày."
    ),
    "compare the number with `dancu-agent status --list`": (
        "đối chiếu mã số với `dancu-agent status --list`"
    ),
    "There is no delivery %(file)s here.": "Ở đây không có lô %(file)s.",
    "known are: %(known)s": "các lô hiện có: %(known)s",
    "Refused.": "Bị từ chối.",
    "waiting": "đang chờ",
    "being sent": "đang gửi",
    "held, needs a decision": "tạm giữ, cần người quyết định",
    "answered": "đã trả lời",
    "refused": "bị từ chối",
    "everything agrees with the register": "mọi thông tin đều khớp với cơ sở dữ liệu",
    "the number is known, but facts differ": "số định danh có thật nhưng thông tin không khớp",
    "no number given or found; one person fits": (
        "không có hoặc không tìm thấy số định danh; có một người phù hợp"
    ),
    "several people fit; more facts are needed": "có nhiều người phù hợp; cần thêm thông tin",
    "nobody in the register fits": "không có ai phù hợp trong cơ sở dữ liệu",
    "the person is dead": "người này đã chết",
    "the number was cancelled": "số định danh đã bị hủy",
    "agrees": "khớp",
    "nearly agrees": "gần khớp",
    "differs": "không khớp",
    "not known to the register": "cơ sở dữ liệu chưa có",
    "yes": "có",
    "no": "không",
    "Another number took its place.": "Đã có số khác thay thế.",
    "No other number took its place.": "Chưa có số khác thay thế.",
    "Answer %(id)s under the contract %(contract)s.": (
        "Trả lời số %(id)s theo thỏa thuận kết nối %(contract)s."
    ),
    "Link: works": "Đường truyền: hoạt động",
    "Link: broken since %(since)s (%(long)s); next try in %(next)s": (
        "Đường truyền: đứt từ %(since)s (%(long)s); thử lại sau %(next)s"
    ),
    "Answered: %(answered)d · refused: %(refused)d": (
        "Đã trả lời: %(answered)d · bị từ chối: %(refused)d"
    ),
    "Waiting: %(n)d, the oldest since %(since)s (%(long)s)": (
        "Đang chờ: %(n)d, lâu nhất từ %(since)s (%(long)s)"
    ),
    "Waiting: nothing": "Đang chờ: không có gì",
    "  of these held: %(n)d, see `dancu-agent status --list`": (
        "  trong đó tạm giữ: %(n)d, xem `dancu-agent status --list`"
    ),
    "Clock: this machine is %(long)s %(way)s; the agent allows for it, set it": (
        "Đồng hồ: máy này %(way)s %(long)s; phần mềm đã tự bù, hãy chỉnh lại giờ"
    ),
    "behind": "chậm",
    "ahead": "nhanh",
    "… and %(n)d more": "… và %(n)d câu hỏi nữa",
    "Sent: %(n)d": "Đã gửi: %(n)d",
    "Deleted: %(n)d": "Đã xóa: %(n)d",
    "It is not said what to forget.": "Chưa nói rõ xóa câu hỏi nào.",
    "name numbers, or --file": "nêu mã số, hoặc --file",
    "%(n)d have no answer yet and are kept; delete them too with --also-waiting": (
        "%(n)d câu hỏi chưa có trả lời nên được giữ lại; muốn xóa cả, dùng --also-waiting"
    ),
    "%(n)d seconds": "%(n)d giây",
    "%(n)d minutes": "%(n)d phút",
    "%(n)d hours": "%(n)d giờ",
    "%(n)d days": "%(n)d ngày",
    "Stopped. What was asked is kept, and is sent with the next command.": (
        "Đã dừng. Câu hỏi đã đặt vẫn được giữ và sẽ gửi ở lệnh sau."
    ),
    "Something unexpected went wrong (%(kind)s).": "Có lỗi ngoài dự kiến (%(kind)s).",
    "What was asked before is kept on disk.": "Câu hỏi đã đặt trước đó vẫn được lưu trên đĩa.",
    "try again; if it lasts, tell those who look after the agent": (
        "thử lại; nếu vẫn lỗi, báo người quản trị phần mềm này"
    ),
    # -- Setting up
    "The agent is in %(home)s.": "Phần mềm đặt tại %(home)s.",
    "Give this public key to the exchange's operator, for the client %(client)s:": (
        "Gửi khóa công khai này cho đơn vị vận hành cổng trao đổi, cho hệ thống %(client)s:"
    ),
    "There is an agent in %(home)s already.": "Trong %(home)s đã có phần mềm này.",
    "Its keys and questions would be lost.": "Khóa và câu hỏi ở đó sẽ bị mất.",
    "change its settings with --again, or name another folder with --home": (
        "đổi cài đặt bằng --again, hoặc chọn thư mục khác bằng --home"
    ),
    "The folder %(home)s cannot be made: %(reason)s.": (
        "Không tạo được thư mục %(home)s: %(reason)s."
    ),
    "name a folder that this account may write, with --home": (
        "chọn thư mục mà tài khoản này được ghi, bằng --home"
    ),
    "The present key goes on signing. Once the new one is registered, the agent goes over to it "
    "by itself when the old one ends, or at once with `dancu-agent keys activate`.": (
        "Khóa hiện tại vẫn được dùng để ký. Khi khóa mới đã được đăng ký, phần mềm tự chuyển sang "
        "khóa mới lúc khóa cũ hết hiệu lực, hoặc chuyển ngay bằng `dancu-agent keys activate`."
    ),
    "The key %(kid)s signs from now on. Have the old one taken off the register.": (
        "Từ nay dùng khóa %(kid)s để ký. Hãy đề nghị hủy đăng ký khóa cũ."
    ),
    "There is no key that is to follow.": "Không có khóa kế tiếp.",
    "make one with `dancu-agent keys rotate`": "tạo khóa bằng `dancu-agent keys rotate`",
    "The new key does not work yet; the present one goes on signing.": (
        "Khóa mới chưa dùng được; khóa hiện tại vẫn được dùng để ký."
    ),
    "The key %(path)s cannot be used: %(reason)s.": "Không dùng được khóa %(path)s: %(reason)s.",
    "restore it, or make new keys with `dancu-agent init --again` and register them": (
        "khôi phục tệp khóa, hoặc tạo khóa mới bằng `dancu-agent init --again` rồi đăng ký"
    ),
    "Others may read the private key %(path)s.": "Người khác đọc được khóa bí mật %(path)s.",
    "Whoever reads it can ask in the agency's name.": (
        "Ai đọc được khóa này đều có thể hỏi nhân danh cơ quan."
    ),
    "chmod 600 it; if somebody has read it, `dancu-agent keys rotate`": (
        "đặt quyền chmod 600; nếu đã có người đọc, chạy `dancu-agent keys rotate`"
    ),
    # -- Settings
    "There is no agent in %(home)s.": "Trong %(home)s chưa có phần mềm này.",
    "make one with `dancu-agent init`, or name its folder with --home": (
        "tạo bằng `dancu-agent init`, hoặc nêu thư mục bằng --home"
    ),
    "The settings in %(path)s cannot be read: %(reason)s.": (
        "Không đọc được cài đặt trong %(path)s: %(reason)s."
    ),
    "correct the file, or make it anew with `dancu-agent init --again`": (
        "sửa tệp, hoặc tạo lại bằng `dancu-agent init --again`"
    ),
    "There is no such setting.": "Không có cài đặt này.",
    "The value %(value)s is of the wrong kind.": "Giá trị %(value)s không đúng kiểu.",
    "The setting is missing.": "Thiếu cài đặt này.",
    "the exchange's operator tells it when the agency is connected": (
        "đơn vị vận hành cổng trao đổi cung cấp khi kết nối cơ quan"
    ),
    "%(server)s is not the address of a server.": "%(server)s không phải địa chỉ máy chủ.",
    "write it as https://exchange.example.vn": "viết dạng https://exchange.example.vn",
    "write it as http://proxy.example.vn:3128": "viết dạng http://proxy.example.vn:3128",
    "write a port from 1 to 65535": "viết cổng từ 1 đến 65535",
    "The address has more than a host and a port.": "Địa chỉ có nhiều hơn tên máy và cổng.",
    "write only https://host:port; the agent knows the path": (
        "chỉ viết https://tên-máy:cổng; phần mềm tự biết đường dẫn"
    ),
    "The address is not encrypted (http).": "Địa chỉ không được mã hóa (http).",
    "Questions about people would cross the network in the open.": (
        "Câu hỏi về công dân sẽ đi qua mạng mà không được bảo vệ."
    ),
    "use https": "dùng https",
    "The number must lie between %(least)d and %(most)d.": (
        "Số phải nằm trong khoảng %(least)d đến %(most)d."
    ),
    "correct it in agent.toml": "sửa trong agent.toml",
    "write a whole number": "viết số nguyên",
    "write text in quotes": "viết chữ trong dấu ngoặc kép",
    "The file %(path)s cannot be used: %(reason)s.": "Không dùng được tệp %(path)s: %(reason)s.",
    "name a file in PEM that this account can read": ("nêu tệp dạng PEM mà tài khoản này đọc được"),
    # -- The spool
    "The spool %(path)s cannot be used: %(reason)s.": (
        "Không dùng được hàng đợi %(path)s: %(reason)s."
    ),
    "check the rights on its folder and the disk; a damaged file is kept as it is, move it aside "
    "and send its questions again": (
        "kiểm tra quyền thư mục và ổ đĩa; tệp hỏng được giữ nguyên, hãy chuyển tệp sang chỗ khác "
        "rồi gửi lại câu hỏi"
    ),
    "The spool %(path)s was made by a newer dancu-agent.": (
        "Hàng đợi %(path)s do phiên bản dancu-agent mới hơn tạo ra."
    ),
    "install that version again; the questions in it are kept": (
        "cài lại phiên bản đó; câu hỏi trong hàng đợi vẫn còn"
    ),
    "The disk that holds the spool %(path)s is full.": "Ổ đĩa chứa hàng đợi %(path)s đã đầy.",
    "Nothing that was accepted before is lost; this was not accepted.": (
        "Câu hỏi đã nhận trước đó không mất; câu hỏi này chưa được nhận."
    ),
    "make room on the disk, then do the same again": "giải phóng ổ đĩa rồi làm lại",
    "The key %(key)s was used for another question before.": (
        "Khóa %(key)s đã dùng cho câu hỏi khác."
    ),
    "One key names one question, so that none is asked twice.": (
        "Mỗi khóa ứng với một câu hỏi, để không câu nào bị hỏi hai lần."
    ),
    "give the new question a key of its own": "đặt khóa riêng cho câu hỏi mới",
    "It may have reached the exchange about a day ago, which no longer remembers its key.": (
        "Câu hỏi có thể đã đến cổng trao đổi khoảng một ngày trước, nay cổng không còn nhớ khóa."
    ),
    "Sent again by itself it might be counted twice.": "Nếu tự gửi lại, có thể bị tính hai lần.",
    "look whether the answer is needed, then `dancu-agent retry` with its number": (
        "xem còn cần trả lời không, rồi chạy `dancu-agent retry` kèm mã số"
    ),
    # -- The local service
    "Listening on http://127.0.0.1:%(port)d": "Đang phục vụ tại http://127.0.0.1:%(port)d",
    "Stopped.": "Đã dừng.",
    "Port %(port)d of this machine cannot be used: %(reason)s.": (
        "Không dùng được cổng %(port)d của máy này: %(reason)s."
    ),
    "another agent may run already; else choose another port with --port": (
        "có thể phần mềm này đang chạy; nếu không, chọn cổng khác bằng --port"
    ),
    "The secret of the local service is missing.": "Thiếu mã bí mật của dịch vụ trên máy.",
    "make it anew with `dancu-agent init --again`": ("tạo lại bằng `dancu-agent init --again`"),
    "The question is being sent at this moment.": "Câu hỏi đang được gửi.",
    "ask again in a few seconds": "thử lại sau vài giây",
    "This is no request that the agent knows.": "Phần mềm không hiểu yêu cầu này.",
    "There is nothing here.": "Ở đây không có gì.",
    "POST /ask, GET or DELETE /ask/ID, GET /waiting, GET /health": (
        "POST /ask, GET hoặc DELETE /ask/ID, GET /waiting, GET /health"
    ),
    "The request does not show the agent's secret.": "Yêu cầu không kèm mã bí mật của phần mềm.",
    "Not everybody on this machine may ask in the agency's name.": (
        "Không phải ai dùng máy này cũng được hỏi nhân danh cơ quan."
    ),
    "send `Authorization: Bearer` with what stands in local.token": (
        "gửi `Authorization: Bearer` kèm nội dung tệp local.token"
    ),
    "Only software on this machine is answered, no web page.": (
        "Chỉ trả lời phần mềm trên máy này, không trả lời trang web."
    ),
    "call http://127.0.0.1 from the agency's own software": (
        "gọi http://127.0.0.1 từ phần mềm của cơ quan"
    ),
    "This is no number of seconds.": "Đây không phải số giây.",
    "write for example 10": "viết ví dụ 10",
    "The length of the body is missing.": "Thiếu độ dài nội dung.",
    "send Content-Length": "gửi Content-Length",
    "The body is larger than %(most)d bytes.": "Nội dung lớn hơn %(most)d byte.",
    "ask about one person at a time; for files, `dancu-agent send`": (
        "mỗi lần hỏi về một người; với tệp, dùng `dancu-agent send`"
    ),
    "The body is not JSON.": "Nội dung không phải JSON.",
    "send Content-Type: application/json": "gửi Content-Type: application/json",
    "send one JSON object in UTF-8": "gửi một đối tượng JSON dạng UTF-8",
}
