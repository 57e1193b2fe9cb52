import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useFileUploader} from "@web/core/utils/files";
import {useService} from "@web/core/utils/hooks";
import {Dialog} from "@web/core/dialog/dialog";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {Component, onWillStart, useState} from "@odoo/owl";

/** Photograph a document: each paper that is awaited opens the camera, and the picture goes to its line. */
export class PhotoDialog extends Component {
    static template = "pope_crm.PhotoDialog";
    static components = {Dialog};
    static props = {resModel: String, resId: Number, onDone: {type: Function, optional: true}, close: Function};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.upload = useFileUploader();
        this.state = useState({papers: [], busy: false});
        onWillStart(async () => {
            this.state.papers = await this.orm.call(this.props.resModel, "pope_awaited_papers", [[this.props.resId]]);
        });
    }

    async onPhoto(paper, input) {
        if (!input.files.length || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const files = await this.upload("/web/binary/upload_attachment", {
                csrf_token: odoo.csrf_token,
                ufile: [...input.files],
                model: paper.model,
                id: paper.id,
            });
            if (!files) {
                return;
            }
            const refused = files.find((file) => file.error);
            if (refused) {
                this.notification.add(refused.error, {type: "danger"});
                return;
            }
            if (paper.line) {
                const ids = files.map((file) => file.id);
                await this.orm.call("pope.requirement.status", "receive", [[paper.line], ids]);
            }
            this.notification.add(_t("Filed: %s", paper.title), {type: "success"});
            this.props.close();
            await this.props.onDone?.();
        } finally {
            this.state.busy = false;
            input.value = "";
        }
    }
}

/** The button of a form that opens it. */
export class PhotoButton extends Component {
    static template = "pope_crm.PhotoButton";
    static props = {...standardWidgetProps};

    setup() {
        this.dialog = useService("dialog");
    }

    async open() {
        const {record} = this.props;
        if (await record.save()) {
            this.dialog.add(PhotoDialog, {
                resModel: record.resModel,
                resId: record.resId,
                onDone: () => record.load(),
            });
        }
    }
}

registry.category("view_widgets").add("pope_photo", {component: PhotoButton});
